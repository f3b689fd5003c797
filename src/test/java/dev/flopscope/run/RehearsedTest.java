package dev.flopscope.run;

import static org.assertj.core.api.Assertions.assertThat;

import dev.flopscope.SmallModels;
import dev.flopscope.TestRuns;
import dev.flopscope.config.Engine;
import dev.flopscope.config.ModelConfig;
import dev.flopscope.config.Phase;
import dev.flopscope.config.RunSpec;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What has been rehearsed is of this process, so kinds of passes that no other test reaches: on a GPU nothing is rehearsed for long. */
class RehearsedTest {
    private static final Phase PROMPT = Phase.prefill(1, 4);

    private static RunSpec run(ModelConfig model, Engine engine) {
        return TestRuns.of(model).engine(engine).build();
    }

    @Test
    void whatWasRehearsedIsMissingNoMore() {
        RunSpec spec = run(SmallModels.GROUPED, Engine.CUDA_TF32);
        Rehearsed rehearsed = new Rehearsed(spec, PROMPT, false);
        assertThat(rehearsed.missing(100)).isEqualTo(100);

        rehearsed.reached(60);
        assertThat(rehearsed.missing(100)).isEqualTo(40);
        rehearsed.reached(30);
        assertThat(rehearsed.missing(100)).isEqualTo(40);
        assertThat(rehearsed.missing(50)).isZero();

        // The same code, whatever the extents of the model and the phase.
        assertThat(new Rehearsed(run(SmallModels.MULTI_QUERY, Engine.CUDA_TF32), Phase.prefill(3, 9), false)
                        .missing(100))
                .isEqualTo(40);
    }

    @Test
    void otherCodeIsStillToBeRehearsed() {
        new Rehearsed(run(SmallModels.GROUPED, Engine.CUDA_BF16), PROMPT, false).reached(60);

        List<Rehearsed> others = List.of(
                new Rehearsed(run(SmallModels.GROUPED, Engine.CUDA), PROMPT, false),
                new Rehearsed(run(SmallModels.GROUPED, Engine.CUDA_BF16), Phase.decode(1, 4, 1), false),
                new Rehearsed(run(SmallModels.GROUPED, Engine.CUDA_BF16), PROMPT, true),
                new Rehearsed(run(SmallModels.GELU, Engine.CUDA_BF16), PROMPT, false),
                new Rehearsed(run(SmallModels.WINDOWED, Engine.CUDA_BF16), PROMPT, false),
                new Rehearsed(run(SmallModels.LATENT, Engine.CUDA_BF16), PROMPT, false),
                new Rehearsed(run(SmallModels.MIXTURE, Engine.CUDA_BF16), PROMPT, false),
                new Rehearsed(run(SmallModels.PARALLEL, Engine.CUDA_BF16), PROMPT, false));
        assertThat(others).allMatch(other -> other.missing(100) == 100);
    }
}
