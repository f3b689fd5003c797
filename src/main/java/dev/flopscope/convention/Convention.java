package dev.flopscope.convention;

import java.util.function.UnaryOperator;

/**
 * A way to count or to write that differs from ours and may explain a claim that is off.
 *
 * @param name in words, as a report says it after "off by factor 2:"
 * @param subject what it is about; two conventions about one subject exclude each other
 * @param cost how far it is from what people commonly do: {@link #COMMON} or {@link #RARE}; the cheapest explanation is named
 * @param change our ledger as the convention would have it; throws an ArithmeticException where it does not apply
 */
public record Convention(String name, Subject subject, int cost, UnaryOperator<Ledger> change) {
    /** The cost of what many do. Two common conventions together cost more than a rare one alone. */
    public static final int COMMON = 2;

    /** The cost of what few do. */
    public static final int RARE = 3;

    /** What conventions are about, in the order in which two are applied. */
    public enum Subject {
        LAYERS,
        VOCABULARY,
        EXPERTS,
        ROUTER,
        SHARED_EXPERTS,
        HEAD_WIDTH,
        QUERY_HEADS,
        KEY_VALUE_HEADS,
        PROJECTIONS,
        SCORES,
        GATE,
        FEED_FORWARD_WIDTH,
        PARAMETERS,
        NORMS,
        BIASES,
        POSITIONS,
        EMBEDDING,
        ELEMENTS,
        HEAD,
        CACHE,
        ELEMENT,
        UNIT,
        FLOPS,
        TOKENS,
        TRAINING
    }

    /** A convention of cost {@link #COMMON}. */
    static Convention common(Subject subject, String name, UnaryOperator<Ledger> change) {
        return new Convention(name, subject, COMMON, change);
    }

    /** A convention of cost {@link #RARE}. */
    static Convention rare(Subject subject, String name, UnaryOperator<Ledger> change) {
        return new Convention(name, subject, RARE, change);
    }

    /** Whether a claim may follow this convention and {@code later} at once. */
    public boolean goesWith(Convention later) {
        return subject.compareTo(later.subject) < 0;
    }

    /** Both at once. */
    public Convention and(Convention later) {
        return new Convention(
                name + " together with " + later.name,
                later.subject,
                cost + later.cost,
                ledger -> later.change.apply(change.apply(ledger)));
    }
}
