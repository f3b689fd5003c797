package dev.flopscope.run;

import dev.flopscope.audit.FormCheck;
import dev.flopscope.config.Phase;
import java.util.List;

/**
 * What counts made known of one phase.
 *
 * @param phase the phase
 * @param checks one a kind of product, in the order of a pass
 */
public record PhaseFit(Phase.Name phase, List<FormCheck> checks) {
    /** Keeps a copy of the list. */
    public PhaseFit {
        checks = List.copyOf(checks);
    }
}
