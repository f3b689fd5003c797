package dev.flopscope.run;

import dev.flopscope.config.Activation;
import dev.flopscope.config.Attention.Algorithm;
import dev.flopscope.config.AttentionConfig;
import dev.flopscope.config.BlockConfig;
import dev.flopscope.config.BlockConfig.Arrangement;
import dev.flopscope.config.Engine;
import dev.flopscope.config.FeedForwardConfig;
import dev.flopscope.config.NormConfig;
import dev.flopscope.config.Phase;
import dev.flopscope.config.RunSpec;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.stream.Collectors;

/**
 * How long each kind of pass has been rehearsed in this process. HotSpot compiles for the process, so what one session has rehearsed
 * is compiled for the next as well, whatever its model's extents.
 */
final class Rehearsed {
    private static final ConcurrentMap<Pass, Long> NANOSECONDS = new ConcurrentHashMap<>();

    private final Pass pass;

    /** All that decides which code a pass goes through. */
    private record Pass(Engine engine, Algorithm attention, Phase.Name phase, boolean proven, Set<Block> blocks) {}

    private record Block(
            Arrangement arrangement,
            Class<? extends NormConfig> norm,
            Class<? extends FeedForwardConfig> feedForward,
            Activation activation,
            boolean latent,
            boolean rotary,
            boolean window,
            boolean queryKeyNorm) {
        static Block of(BlockConfig block) {
            AttentionConfig attention = block.attention();
            return new Block(
                    block.arrangement(),
                    block.attentionNorm().getClass(),
                    block.feedForward().getClass(),
                    block.feedForward().activation(),
                    attention.latent().isPresent(),
                    attention.rotary().isPresent(),
                    attention.window().isPresent(),
                    attention.queryKeyNorm().isPresent());
        }
    }

    /**
     * Passes of a run's kind.
     *
     * @param phase one of its phases
     * @param proven whether products are proven
     */
    Rehearsed(RunSpec spec, Phase phase, boolean proven) {
        this.pass = new Pass(
                spec.engine(),
                spec.attention().algorithm(),
                phase.name(),
                proven,
                spec.model().layersByBlock().keySet().stream().map(Block::of).collect(Collectors.toUnmodifiableSet()));
    }

    /** What is missing to so many nanoseconds. */
    long missing(long nanoseconds) {
        return Math.max(0, nanoseconds - NANOSECONDS.getOrDefault(pass, 0L));
    }

    /** Notes that passes have been rehearsed for so many nanoseconds, those of other sessions included. */
    void reached(long nanoseconds) {
        NANOSECONDS.merge(pass, nanoseconds, Math::max);
    }
}
