package dev.flopscope.weights;

import dev.flopscope.backend.Tensor;
import dev.flopscope.backend.TensorLoader;
import dev.flopscope.config.ModelConfig;
import dev.flopscope.config.WeightsMode;
import dev.flopscope.weights.Parameter.Role;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.Set;
import java.util.function.LongConsumer;

/**
 * Fills a model with pseudo-random weights that the seed alone decides, whatever the backend and its threads.
 *
 * <p>Scale as in GPT-2 (Radford et al. 2019, §2.3): a standard deviation of 0.02, divided by √(2L) for the matrices of a
 * block that write to the residual stream; norm gains are 1, and biases and sinks 0. The distribution is uniform, not normal: counts and
 * times do not depend on it, and two billion normal deviates take longer than the pass.
 */
public final class SeededInitializer {
    private static final double STANDARD_DEVIATION = 0.02;
    private static final Set<Role> INTO_RESIDUAL = EnumSet.of(Role.OUTPUT, Role.DOWN, Role.SHARED_DOWN);

    private final ModelConfig model;
    private final long seed;
    private final TensorLoader loader;
    private final double intoResidual;
    private long matricesMade;

    /** Initialises {@code model} with tensors that {@code loader} makes. */
    public SeededInitializer(ModelConfig model, long seed, TensorLoader loader) {
        this.model = model;
        this.seed = seed;
        this.loader = loader;
        this.intoResidual = STANDARD_DEVIATION / Math.sqrt(2.0 * model.numLayers());
    }

    /**
     * Makes every parameter.
     *
     * @param mode a set of matrices for each layer, or one for all layers whose blocks are the same
     * @param progress told how many blocks are ready
     */
    public ModelWeights initialize(WeightsMode mode, LongConsumer progress) {
        return new ModelParameters(model, new Seeded()).make(mode, progress);
    }

    private final class Seeded implements ParameterSource {
        @Override
        public Tensor matrix(Parameter parameter, int rows, int columns) {
            return loader.weight(rows, columns, uniform(parameter, columns)::fill);
        }

        @Override
        public Tensor table(Parameter parameter, int rows, int columns) {
            if (parameter.bias() || parameter.role().standsAlone()) {
                return loader.table(rows, columns, (row, values) -> Arrays.fill(values, 0f));
            }
            if (parameter.role().isNorm()) {
                return loader.table(rows, columns, (row, values) -> Arrays.fill(values, 1f));
            }
            return loader.table(rows, columns, uniform(parameter, columns)::fill);
        }

        private UniformRows uniform(Parameter parameter, int columns) {
            double deviation = INTO_RESIDUAL.contains(parameter.role()) ? intoResidual : STANDARD_DEVIATION;
            return new UniformRows(seed, matricesMade++, columns, deviation);
        }
    }
}
