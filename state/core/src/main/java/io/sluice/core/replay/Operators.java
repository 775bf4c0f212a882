package io.sluice.core.replay;

import io.sluice.core.control.CommandDesk;
import io.sluice.core.control.OperatorCommand;
import io.sluice.core.control.Overrides;
import io.sluice.core.domain.Attempt;
import io.sluice.core.domain.Mixture;
import io.sluice.core.domain.RunSpec;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * What operators said in a run: the commands by their ids, and what may have held of them when an
 * attempt began. A controller carries that from attempt to attempt, and a log does not tell which
 * decision it had last made; so all that held after any of them is tried.
 */
final class Operators {

    private record Said(String specDigest, Overrides overrides) {}

    private final Set<String> wanted;
    private final Map<String, List<OperatorCommand>> told = new HashMap<>();
    private final Set<Said> said = new LinkedHashSet<>();

    /**
     * @param wanted ids of the commands that decisions decided on
     */
    Operators(Set<String> wanted) {
        this.wanted = wanted;
        said.add(new Said("", Overrides.NONE));
    }

    /** A command of the log. */
    void told(OperatorCommand command) {
        if (wanted.contains(command.id())) {
            told.computeIfAbsent(command.id(), id -> new ArrayList<>(1)).add(command);
        }
    }

    /** The command of this id that the job heard: the first that suits a declaration of the run. */
    Optional<OperatorCommand> command(String id, Collection<RunSpec> specs) {
        return told.getOrDefault(id, List.of()).stream()
                .filter(command -> specs.stream().anyMatch(spec -> suits(command, spec)))
                .findFirst();
    }

    /** An attempt began, of this declaration, perhaps with a controller that knew nothing. */
    void began(RunSpec spec, Attempt attempt) {
        Mixture inForce = attempt.inForce().mixture();
        said.add(new Said(spec.digest(), Overrides.NONE.under(spec, inForce)));
        for (Said before : List.copyOf(said)) {
            if (!before.specDigest().equals(spec.digest())) {
                said.add(new Said(spec.digest(), before.overrides().under(spec, inForce)));
            }
        }
    }

    /** This held after a decision. */
    void decided(String specDigest, Overrides overrides) {
        said.add(new Said(specDigest, overrides));
    }

    /** What may have held when an attempt of this declaration began. */
    List<Overrides> under(RunSpec spec) {
        return said.stream()
                .filter(one -> one.specDigest().equals(spec.digest()))
                .map(Said::overrides)
                .toList();
    }

    private static boolean suits(OperatorCommand command, RunSpec spec) {
        try {
            new CommandDesk(spec).check(command);
            return true;
        } catch (IllegalArgumentException e) {
            return false;
        }
    }
}
