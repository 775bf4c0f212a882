package io.sluice.ops.page;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;
import java.util.List;

/**
 * The page as one document: style, scripts and, in a report, the data stand inside it. The content
 * security policy names style and script by their hash, so nothing else can run even if a message
 * of the run were mistaken for markup.
 */
final class PageTemplate {

    /** Concatenated in this order: later files use earlier ones. */
    private static final List<String> SCRIPTS =
            List.of("format.js", "model.js", "chart.js", "explain.js", "page.js");

    private static final List<String> QUALITY_SCRIPTS =
            List.of("format.js", "chart.js", "quality.js");

    private final String page;
    private final String hashes;

    /** The page of a run. */
    PageTemplate() {
        this("index.html", SCRIPTS);
    }

    /** The report of a benchmark of policies. */
    static PageTemplate quality() {
        return new PageTemplate("quality.html", QUALITY_SCRIPTS);
    }

    private PageTemplate(String document, List<String> scripts) {
        String style = resource("page.css");
        StringBuilder script = new StringBuilder("\"use strict\";\n");
        scripts.forEach(name -> script.append(resource(name)));
        hashes =
                "default-src 'none'; img-src data:; base-uri 'none'; form-action 'none'; style-src "
                        + hash(style)
                        + "; script-src "
                        + hash(script.toString());
        page =
                resource(document)
                        .replace("{{style}}", style)
                        .replace("{{script}}", script.toString());
    }

    /** The page that asks its server for the data. */
    String live() {
        return fill(livePolicy(), "null");
    }

    String livePolicy() {
        return hashes + "; connect-src 'self'";
    }

    /** The page that holds its data. */
    String report(String json) {
        return fill(hashes + "; connect-src 'none'", escaped(json));
    }

    /** The data come last, so that nothing in them is taken for a placeholder. */
    private String fill(String policy, String data) {
        return page.replace("{{policy}}", policy).replace("{{data}}", data);
    }

    /**
     * JSON that can stand in a script element: these characters occur in JSON within strings only,
     * where their escapes mean the same.
     */
    private static String escaped(String json) {
        return json.replace("<", "\\u003c").replace(">", "\\u003e").replace("&", "\\u0026");
    }

    private static String hash(String text) {
        try {
            byte[] digest =
                    MessageDigest.getInstance("SHA-256")
                            .digest(text.getBytes(StandardCharsets.UTF_8));
            return "'sha256-" + Base64.getEncoder().encodeToString(digest) + "'";
        } catch (NoSuchAlgorithmException e) {
            throw new AssertionError("every JDK has SHA-256", e);
        }
    }

    /** Browsers hash what they parsed, and parsing turns CR LF into LF. */
    private static String resource(String name) {
        try (InputStream in = PageTemplate.class.getResourceAsStream("/page/" + name)) {
            if (in == null) {
                throw new IllegalStateException("resource /page/" + name + " is missing");
            }
            return new String(in.readAllBytes(), StandardCharsets.UTF_8).replace("\r\n", "\n");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
