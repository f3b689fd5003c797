package dev.flopscope.schema;

import com.fasterxml.jackson.annotation.JsonUnwrapped;
import dev.flopscope.config.Attention.Algorithm;
import dev.flopscope.config.BlockConfig;
import dev.flopscope.config.FeedForwardConfig.Experts;
import dev.flopscope.config.LogitsRows;
import dev.flopscope.config.ModelConfig;
import dev.flopscope.config.RotaryConfig;
import dev.flopscope.config.RotaryScaling.None;
import dev.flopscope.config.Setting;
import dev.flopscope.config.WeightsMode;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The closed forms of one run, and what was measured of it, if it ran.
 *
 * @param chunk tokens of the prompt in one forward pass, where there are several
 * @param logits of which tokens there are logits, where it is not all
 * @param phases the prompt, and what is decoded after it
 * @param flops of all phases
 * @param loadingSeconds making the weights, or reading them from a checkpoint
 * @param preparationSeconds all the time before the first pass
 * @param peakResidentBytes the most memory that was resident, if the system tells
 * @param nextToken the most likely tokens after the prompt
 * @param calibrationGflopsPerSecondSamples how fast the machine itself was before each repetition
 * @param settings every value of a published config, and where it came from, where that was asked for
 * @param proof what became of proving every product, where that was asked for
 */
public record AccountRecord(
        String convention,
        Model model,
        int batch,
        int context,
        @Nullable Integer chunk,
        @Nullable LogitsRows logits,
        Attention attention,
        String dtype,
        @Nullable WeightsMode weights,
        @Nullable Long seed,
        Parameters parameters,
        Memory memory,
        Flops flops,
        List<PhaseRecord> phases,
        @Nullable Boolean agrees,
        @Nullable Double loadingSeconds,
        @Nullable Double preparationSeconds,
        @Nullable Long peakResidentBytes,
        List<Token> nextToken,
        List<Double> calibrationGflopsPerSecondSamples,
        List<Setting> settings,
        @Nullable Proof proof) {

    /** Checks that rates are above 0. */
    public AccountRecord {
        for (double rate : calibrationGflopsPerSecondSamples) {
            Json.require(rate > 0, "calibration_gflops_per_second_samples must be above 0: " + rate);
        }
    }

    /**
     * Products that were checked by random sums of the part {@code rows} of their rows; {@code failed} are those that did not hold, {@code unproven} those that could
     * not be checked, {@code largest_deviation} is of what roundings explain, absent where it is infinite, and {@code visible} how
     * far off an entry must be to be noticed in any product, of a typical one.
     */
    public record Proof(
            double rows,
            long products,
            long unproven,
            long failed,
            @Nullable Double largestDeviation,
            double visible,
            List<String> failures) {}

    /** FLOPs by closed form, and counted where something ran. */
    public record Flops(long expected, @Nullable Long counted) {}

    /**
     * Parameters by part; {@code positions} are learned ones, {@code active} those that one token uses of a mixture of experts,
     * {@code block} the first block, {@code allocated} what was found in memory.
     */
    public record Parameters(
            long total,
            @Nullable Long active,
            long embedding,
            @Nullable Long positions,
            long blocks,
            long block,
            long finalNorm,
            long lmHead,
            @Nullable Long allocated) {}

    /** Bytes of float32. */
    public record Memory(long weightsBytes, long activationsBytes, long kvCacheBytes) {}

    /** A token that may come next. */
    public record Token(int token, String text, double probability) {}

    /** How attention is computed, and the FLOPs of its products in the prompt that no mask makes useless. */
    public record Attention(
            Algorithm algorithm,
            int queryTile,
            int keyTile,
            @Nullable Long usefulFlops) {
        /** Checks the tiles. */
        public Attention {
            Json.requirePositive("query_tile", queryTile);
            Json.requirePositive("key_tile", keyTile);
        }
    }

    /** The model's extents; those of a block are of the first one, {@code blocks} is there where they differ, and {@code not_executed} names what a run would lack. */
    public record Model(
            String name,
            String architecture,
            int vocabSize,
            int contextLength,
            int numLayers,
            int dModel,
            @JsonUnwrapped Block block,
            boolean tieEmbeddings,
            List<Layers> blocks,
            List<String> notExecuted) {
        /** The extents of {@code model}. */
        public static Model of(ModelConfig model) {
            return new Model(
                    model.name(),
                    model.architecture().label(),
                    model.vocabSize(),
                    model.contextLength(),
                    model.numLayers(),
                    model.dModel(),
                    Block.of(model.firstBlock()),
                    model.head().tied(),
                    model.isUniform()
                            ? List.of()
                            : model.layersByBlock().entrySet().stream()
                                    .map(entry -> new Layers(entry.getValue(), Block.of(entry.getKey())))
                                    .toList(),
                    model.architecture().notExecuted());
        }
    }

    /** How many layers have a block. */
    public record Layers(int layers, @JsonUnwrapped Block block) {}

    /** The extents and constants of a block. */
    public record Block(
            int numHeads,
            int numKvHeads,
            int headDim,
            @Nullable Integer window,
            int dFf,
            String feedForward,
            @Nullable Integer numExperts,
            @Nullable Integer expertsPerToken,
            @Nullable Double ropeTheta,
            @Nullable String ropeType,
            double normEps) {
        static Block of(BlockConfig block) {
            @Nullable Experts experts = block.feedForward() instanceof Experts mixture ? mixture : null;
            @Nullable RotaryConfig rotary = block.attention().rotary().orElse(null);
            return new Block(
                    block.attention().numHeads(),
                    block.attention().numKvHeads(),
                    block.attention().headDim(),
                    Json.orNull(block.attention().window()),
                    block.feedForward().width(),
                    block.feedForward().label(),
                    experts == null ? null : experts.count(),
                    experts == null ? null : experts.perToken(),
                    rotary == null ? null : rotary.theta(),
                    rotary == null || rotary.scaling() instanceof None
                            ? null
                            : rotary.scaling().label(),
                    block.attentionNorm().epsilon());
        }
    }
}
