package dev.flopscope.weights;

import dev.flopscope.backend.Tensor;
import dev.flopscope.config.ModelConfig;
import dev.flopscope.config.WeightsMode;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * The shapes of all tensors of parameters that a model has, found by asking for them as a run does, but of a source that
 * allocates nothing.
 *
 * @param matrices how many matrices that products read there are of each shape
 * @param tables how many tables and vectors there are of each shape
 */
public record ParameterShapes(Map<Shape, Long> matrices, Map<Shape, Long> tables) {
    /** Rows and columns. */
    public record Shape(long rows, long columns) implements Tensor {}

    /** The shapes that {@code model} has in memory where weights are kept as {@code mode} says. */
    public static ParameterShapes of(ModelConfig model, WeightsMode mode) {
        ParameterShapes shapes = new ParameterShapes(new LinkedHashMap<>(), new LinkedHashMap<>());
        new ModelParameters(model, shapes.source()).make(mode, done -> {});
        return shapes;
    }

    private ParameterSource source() {
        return new ParameterSource() {
            @Override
            public Tensor matrix(Parameter parameter, int rows, int columns) {
                return counted(matrices, rows, columns);
            }

            @Override
            public Tensor table(Parameter parameter, int rows, int columns) {
                return counted(tables, rows, columns);
            }
        };
    }

    private static Tensor counted(Map<Shape, Long> shapes, int rows, int columns) {
        Shape shape = new Shape(rows, columns);
        shapes.merge(shape, 1L, Math::addExact);
        return shape;
    }
}
