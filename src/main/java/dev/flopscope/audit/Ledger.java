package dev.flopscope.audit;

import dev.flopscope.count.MatmulKind;
import dev.flopscope.flops.Account;
import dev.flopscope.flops.KindAccount;
import dev.flopscope.flops.ParameterAccount;
import java.math.BigDecimal;
import java.math.MathContext;
import java.util.Collection;
import java.util.EnumMap;
import java.util.Map;
import java.util.Set;
import java.util.function.UnaryOperator;

/**
 * The numbers of an account that quantities are made of, in a form that a {@link Convention} can change: a convention
 * that counts less than we do may leave fractions, so these are decimals.
 *
 * @param flops FLOPs of one layer by kind, or of the pass for the LM head; no entry where the model has no such product
 * @param layers L
 * @param context T
 * @param parameters by part
 */
record Ledger(Map<MatmulKind, BigDecimal> flops, BigDecimal layers, BigDecimal context, Parameters parameters) {
    /** Far more digits than any claim pretends to; exact for every division by a power of two or five that occurs. */
    static final MathContext DIGITS = new MathContext(60);

    static final Set<MatmulKind> PROJECTIONS =
            Set.of(MatmulKind.Q_PROJ, MatmulKind.K_PROJ, MatmulKind.V_PROJ, MatmulKind.O_PROJ);
    static final Set<MatmulKind> ATTENTION_PRODUCTS = Set.of(MatmulKind.ATTN_SCORES, MatmulKind.ATTN_VALUES);
    static final Set<MatmulKind> FEED_FORWARD = Set.of(MatmulKind.FFN_GATE, MatmulKind.FFN_UP, MatmulKind.FFN_DOWN);

    /** Parameters by part; attention, feed-forward and norms are of one block. */
    record Parameters(
            BigDecimal embedding,
            BigDecimal attention,
            BigDecimal feedForward,
            BigDecimal norms,
            BigDecimal finalNorm,
            BigDecimal lmHead) {

        static Parameters of(ParameterAccount account) {
            return new Parameters(
                    BigDecimal.valueOf(account.embedding()),
                    BigDecimal.valueOf(account.attention()),
                    BigDecimal.valueOf(account.feedForward()),
                    BigDecimal.valueOf(account.norms()),
                    BigDecimal.valueOf(account.finalNorm()),
                    BigDecimal.valueOf(account.lmHead()));
        }

        BigDecimal block() {
            return attention.add(feedForward).add(norms);
        }

        Parameters withLmHead(BigDecimal other) {
            return new Parameters(embedding, attention, feedForward, norms, finalNorm, other);
        }

        Parameters withFeedForward(BigDecimal other) {
            return new Parameters(embedding, attention, other, norms, finalNorm, lmHead);
        }
    }

    /** Keeps a copy of the map. */
    Ledger {
        flops = Map.copyOf(flops);
    }

    static Ledger of(Account account) {
        Map<MatmulKind, BigDecimal> flops = new EnumMap<>(MatmulKind.class);
        long layers = 1;
        for (KindAccount form : account.kinds()) {
            flops.put(form.kind(), BigDecimal.valueOf(form.flopsPerLayer()));
            layers = Math.max(layers, form.layers());
        }
        return new Ledger(
                flops,
                BigDecimal.valueOf(layers),
                BigDecimal.valueOf(account.context()),
                Parameters.of(account.parameters()));
    }

    /** FLOPs of {@code kind} in one layer; 0 if the model has no such product. */
    BigDecimal flops(MatmulKind kind) {
        return flops.getOrDefault(kind, BigDecimal.ZERO);
    }

    /** FLOPs of all of {@code kinds} in one layer. */
    BigDecimal flops(Collection<MatmulKind> kinds) {
        return kinds.stream().map(this::flops).reduce(BigDecimal.ZERO, BigDecimal::add);
    }

    BigDecimal blockFlops() {
        return flops(PROJECTIONS).add(flops(ATTENTION_PRODUCTS)).add(flops(FEED_FORWARD));
    }

    BigDecimal totalFlops() {
        return blockFlops().multiply(layers).add(flops(MatmulKind.LM_HEAD));
    }

    BigDecimal totalParameters() {
        return parameters
                .block()
                .multiply(layers)
                .add(parameters.embedding())
                .add(parameters.finalNorm())
                .add(parameters.lmHead());
    }

    /** The same with the FLOPs of {@code kinds} changed; kinds that the model lacks stay out. */
    Ledger with(Collection<MatmulKind> kinds, UnaryOperator<BigDecimal> change) {
        Map<MatmulKind, BigDecimal> changed = new EnumMap<>(flops);
        kinds.forEach(kind -> changed.computeIfPresent(kind, (unused, value) -> change.apply(value)));
        return new Ledger(changed, layers, context, parameters);
    }

    Ledger withFlops(MatmulKind kind, BigDecimal value) {
        Map<MatmulKind, BigDecimal> changed = new EnumMap<>(flops);
        changed.put(kind, value);
        return new Ledger(changed, layers, context, parameters);
    }

    Ledger with(Parameters other) {
        return new Ledger(flops, layers, context, other);
    }
}
