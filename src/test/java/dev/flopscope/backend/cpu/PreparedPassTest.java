package dev.flopscope.backend.cpu;

import static org.assertj.core.api.Assertions.assertThat;

import dev.flopscope.SmallModels;
import dev.flopscope.TestModels;
import dev.flopscope.backend.Allocator;
import dev.flopscope.backend.ExecutionContext;
import dev.flopscope.backend.TensorLoader;
import dev.flopscope.config.Attention;
import dev.flopscope.config.Attention.Algorithm;
import dev.flopscope.config.Engine;
import dev.flopscope.config.LogitsRows;
import dev.flopscope.config.ModelConfig;
import dev.flopscope.config.Phase;
import dev.flopscope.config.WeightsMode;
import dev.flopscope.forward.KvCache;
import dev.flopscope.forward.Transformer;
import dev.flopscope.weights.ModelWeights;
import dev.flopscope.weights.SeededInitializer;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What a prepared pass must not do while it is timed: make anything that is made once, on any thread. */
class PreparedPassTest {
    private static final int DECODED = 9;

    /** So many query heads share a key/value head that a decoded token's attention has as many rows as a tile. */
    private static final ModelConfig MANY_HEADS = TestModels.builder("many heads")
            .vocab(131)
            .context(256)
            .layers(2)
            .dModel(96)
            .heads(72)
            .kvHeads(1)
            .headDim(4)
            .dFf(130)
            .build();

    private static final List<ModelConfig> MODELS = List.of(MANY_HEADS, SmallModels.ALTERNATING);

    private static final List<Attention> ATTENTIONS =
            List.of(Attention.full(), new Attention(Algorithm.TILED, 70, 33), new Attention(Algorithm.CAUSAL, 66, 64));

    @ParameterizedTest
    @EnumSource(names = {"ONEDNN", "OPENBLAS"})
    void aPreparedPassMakesNothingThatIsMadeOnce(Engine engine) {
        for (ModelConfig model : MODELS) {
            for (int threads : new int[] {1, 3}) {
                for (Attention attention : ATTENTIONS) {
                    for (int chunk : new int[] {6, 137, 70, 13, 1}) {
                        assertNothingIsMade(model, engine, threads, attention, chunk);
                    }
                }
            }
        }
    }

    /** A prompt in chunks of {@code chunk} tokens, the last of them smaller, and tokens after it. */
    private static void assertNothingIsMade(
            ModelConfig model, Engine engine, int threads, Attention attention, int chunk) {
        Phase prompt = Phase.prefill(1, chunk == 137 || chunk == 6 ? chunk : chunk + 5, chunk, LogitsRows.ALL);
        Phase tokens = Phase.decode(1, prompt.end(), DECODED);
        try (CpuBackend backend = CpuBackend.start(engine, threads);
                Allocator memory = backend.allocator()) {
            Transformer transformer = transformer(model, attention, List.of(prompt, tokens), backend, memory);
            transformer.warmUp(prompt, 0, ExecutionContext::unobserved);
            transformer.warmUp(tokens, 0, ExecutionContext::unobserved);
            long prepared = backend.prepared();
            assertThat(prepared).isPositive();
            List<String> made = new ArrayList<>();
            for (Phase phase : List.of(prompt, tokens)) {
                for (int step = 0; step < phase.steps(); step++) {
                    int[] ids = new int[(int) phase.chunk(step).rows()];
                    transformer.forward(ids, phase, step, ExecutionContext.unobserved(backend.products()), done -> {});
                    if (backend.prepared() != prepared) {
                        made.add(phase.name() + ", step " + step + ": " + (backend.prepared() - prepared));
                        prepared = backend.prepared();
                    }
                }
            }
            assertThat(made)
                    .as("%s, %s, %d threads, %s, chunks of %d", model.name(), engine, threads, attention, chunk)
                    .isEmpty();
        }
    }

    private static Transformer transformer(
            ModelConfig model, Attention attention, List<Phase> phases, CpuBackend backend, Allocator memory) {
        try (TensorLoader loader = backend.loader(memory)) {
            ModelWeights weights = new SeededInitializer(model, 1, loader).initialize(WeightsMode.FULL, done -> {});
            KvCache cache = new KvCache(model, 1, phases.get(1).end(), backend, memory);
            return new Transformer(model, weights, attention, phases, Optional.of(cache), backend, memory, memory);
        }
    }
}
