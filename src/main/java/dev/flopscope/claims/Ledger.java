package dev.flopscope.claims;

import dev.flopscope.count.MatmulKind;
import dev.flopscope.flops.Account;
import dev.flopscope.flops.ParameterAccount;
import dev.flopscope.flops.ParameterAccount.Block;
import java.math.BigDecimal;
import java.math.MathContext;
import java.util.Collection;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.ToLongFunction;
import java.util.function.UnaryOperator;

/**
 * The numbers of an account that quantities are made of, in a form that a convention can change. They are decimals, because
 * a convention that counts less than we do may leave fractions.
 *
 * @param flops FLOPs of a prompt by kind, all layers together; no entry where the model has no such product
 * @param layers L
 * @param uniform whether all blocks have the same products and parameters
 * @param context T
 * @param parameters by part
 */
record Ledger(
        Map<MatmulKind, BigDecimal> flops,
        BigDecimal layers,
        boolean uniform,
        BigDecimal context,
        Parameters parameters) {
    /** Far more digits than any claim has. Every division by a power of two or five that occurs is exact. */
    static final MathContext DIGITS = new MathContext(60);

    static final Set<MatmulKind> PROJECTIONS =
            Set.of(MatmulKind.Q_PROJ, MatmulKind.K_PROJ, MatmulKind.V_PROJ, MatmulKind.O_PROJ);
    static final Set<MatmulKind> ATTENTION_PRODUCTS = Set.of(MatmulKind.ATTN_SCORES, MatmulKind.ATTN_VALUES);
    static final Set<MatmulKind> FEED_FORWARD = Set.of(MatmulKind.FFN_GATE, MatmulKind.FFN_UP, MatmulKind.FFN_DOWN);

    /** Parameters by part, all layers together. */
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
                    ofAllLayers(account, Block::attention),
                    ofAllLayers(account, Block::feedForward),
                    ofAllLayers(account, Block::norms),
                    BigDecimal.valueOf(account.finalNorm()),
                    BigDecimal.valueOf(account.lmHead()));
        }

        private static BigDecimal ofAllLayers(ParameterAccount account, ToLongFunction<Block> part) {
            return BigDecimal.valueOf(account.layers().stream().mapToLong(part).reduce(0, Math::addExact));
        }

        BigDecimal blocks() {
            return attention.add(feedForward).add(norms);
        }

        BigDecimal total() {
            return blocks().add(embedding).add(finalNorm).add(lmHead);
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

    /** The ledger of an account's prompt. */
    static Ledger of(Account account) {
        Map<MatmulKind, BigDecimal> flops = new EnumMap<>(MatmulKind.class);
        account.prefill().kinds().forEach(kind -> flops.put(kind.kind(), BigDecimal.valueOf(kind.flops())));
        List<Block> blocks = account.parameters().layers();
        return new Ledger(
                flops,
                BigDecimal.valueOf(blocks.size()),
                blocks.stream().distinct().count() == 1
                        && account.prefill().layers().stream().distinct().count() == 1,
                BigDecimal.valueOf(account.context()),
                Parameters.of(account.parameters()));
    }

    /**
     * What one block has of {@code ofAllBlocks}.
     *
     * @throws IllegalArgumentException if the model's blocks differ
     */
    BigDecimal ofOneBlock(BigDecimal ofAllBlocks) {
        if (!uniform) {
            throw new IllegalArgumentException("the blocks of this model differ; claim a quantity of all blocks");
        }
        return ofAllBlocks.divide(layers, DIGITS);
    }

    /** FLOPs of {@code kind}; 0 if the model has no such product. */
    BigDecimal flops(MatmulKind kind) {
        return flops.getOrDefault(kind, BigDecimal.ZERO);
    }

    /** FLOPs of all of {@code kinds}. */
    BigDecimal flops(Collection<MatmulKind> kinds) {
        return kinds.stream().map(this::flops).reduce(BigDecimal.ZERO, BigDecimal::add);
    }

    BigDecimal blocksFlops() {
        return flops(PROJECTIONS).add(flops(ATTENTION_PRODUCTS)).add(flops(FEED_FORWARD));
    }

    BigDecimal totalFlops() {
        return blocksFlops().add(flops(MatmulKind.LM_HEAD));
    }

    /** This ledger with the FLOPs of {@code kinds} changed; kinds that the model lacks stay out. */
    Ledger with(Collection<MatmulKind> kinds, UnaryOperator<BigDecimal> change) {
        Map<MatmulKind, BigDecimal> changed = new EnumMap<>(flops);
        kinds.forEach(kind -> changed.computeIfPresent(kind, (unused, value) -> change.apply(value)));
        return new Ledger(changed, layers, uniform, context, parameters);
    }

    Ledger withFlops(MatmulKind kind, BigDecimal value) {
        Map<MatmulKind, BigDecimal> changed = new EnumMap<>(flops);
        changed.put(kind, value);
        return new Ledger(changed, layers, uniform, context, parameters);
    }

    Ledger with(Parameters other) {
        return new Ledger(flops, layers, uniform, context, other);
    }
}
