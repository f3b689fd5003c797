package dev.flopscope.fit;

import dev.flopscope.config.Phase;
import dev.flopscope.count.MatmulKind;
import dev.flopscope.polynomial.Recovery;

/**
 * What counts of one kind of product made known.
 *
 * @param phase the phase that was counted
 * @param kind the kind
 * @param found its FLOPs in all layers as a polynomial, or where there is none
 */
public record KindFit(Phase.Name phase, MatmulKind kind, Recovery found) {}
