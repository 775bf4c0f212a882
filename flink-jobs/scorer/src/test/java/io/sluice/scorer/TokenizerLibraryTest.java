package io.sluice.scorer;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.core.candidate.score.TextEmbedder;
import io.sluice.core.candidate.score.TextEmbedders;
import java.io.File;
import java.net.MalformedURLException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

class TokenizerLibraryTest {

    private static final List<String> TEXTS = List.of("A cat sat on the mat.");

    /** As when a job is submitted twice to one TaskManager. */
    @Test
    void classLoadersOfOneJvmLoadAModelEach() throws Exception {
        try (JobClassLoader first = new JobClassLoader();
                JobClassLoader second = new JobClassLoader();
                TextEmbedder one = first.open();
                TextEmbedder other = second.open()) {
            assertThat(one.getClass()).isNotSameAs(other.getClass());
            assertThat(other.embed(TEXTS).get(0)).isEqualTo(one.embed(TEXTS).get(0));
        }
        assertThat(System.getProperty("ENGINE_CACHE_DIR")).isNull();
    }

    /** Shares the core with whoever asks, and loads everything else by itself. */
    private static final class JobClassLoader extends URLClassLoader {

        JobClassLoader() {
            super(classPath(), TextEmbedders.class.getClassLoader());
        }

        @Override
        protected Class<?> loadClass(String name, boolean resolve) throws ClassNotFoundException {
            boolean own =
                    name.startsWith("io.sluice.scorer.")
                            || name.startsWith("ai.djl.")
                            || name.startsWith("ai.onnxruntime.");
            synchronized (getClassLoadingLock(name)) {
                if (!own) {
                    return super.loadClass(name, resolve);
                }
                Class<?> known = findLoadedClass(name);
                return known == null ? findClass(name) : known;
            }
        }

        TextEmbedder open() throws Exception {
            Thread thread = Thread.currentThread();
            ClassLoader before = thread.getContextClassLoader();
            thread.setContextClassLoader(this);
            try {
                Class<?> type = loadClass(OnnxTextEmbedders.class.getName());
                TextEmbedders models = (TextEmbedders) type.getDeclaredConstructor().newInstance();
                return models.open(OnnxTextEmbedderTest.bundled().toString(), 1);
            } finally {
                thread.setContextClassLoader(before);
            }
        }

        private static URL[] classPath() {
            return Arrays.stream(System.getProperty("java.class.path").split(File.pathSeparator))
                    .map(JobClassLoader::url)
                    .toArray(URL[]::new);
        }

        private static URL url(String entry) {
            try {
                return Path.of(entry).toUri().toURL();
            } catch (MalformedURLException e) {
                throw new IllegalStateException(e);
            }
        }
    }
}
