package dev.flopscope.backend;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.flopscope.Matrices;
import dev.flopscope.count.MatmulKind;
import dev.flopscope.count.MatmulSite;
import dev.flopscope.witness.BoundedMatrix;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.FieldSource;

/**
 * What every implementation of the boundary must do. The tests are in the classes that extend this one; each runs with every
 * backend of {@link Backends#ALL}. An engine that passes them all can be put under the forward pass.
 */
@ParameterizedClass(name = "{0}")
@FieldSource("BACKENDS")
abstract class BackendSuite {
    static final List<Backends.Kind> BACKENDS = Backends.ALL;

    static final MatmulSite SITE = new MatmulSite(MatmulKind.FFN_UP, 3);

    final Backends.Kind kind;
    final Backend backend;
    final Allocator memory;

    BackendSuite(Backends.Kind kind) {
        this.kind = kind;
        this.backend = kind.start().get();
        this.memory = backend.allocator();
    }

    @AfterEach
    void close() {
        memory.close();
        backend.close();
    }

    final Tensor tensor(double[][] values) {
        return Matrices.of(backend, memory, values);
    }

    final Tensor table(double[][] values) {
        return Matrices.table(backend, memory, values);
    }

    final Tensor weight(double[][] values) {
        return Matrices.weight(backend, memory, values);
    }

    /** A tensor of values that must all be overwritten: one that is left, or added to, is not a number. */
    final Tensor poison(int rows, int columns) {
        return Matrices.filled(backend, memory, rows, columns, Double.NaN);
    }

    final double[][] values(Tensor tensor) {
        return Matrices.values(backend, tensor);
    }

    /** Every element is within {@code factor} times its bound. */
    final void assertWithin(BoundedMatrix expected, Tensor tensor, double factor, String description) {
        double[][] values = values(tensor);
        for (int row = 0; row < expected.rows(); row++) {
            for (int column = 0; column < expected.columns(); column++) {
                double bound = factor * expected.errors[row][column];
                double difference = values[row][column] - expected.values[row][column];
                // Most hold, and a description of each would take most of the time.
                if (!(Math.abs(difference) <= bound)) {
                    assertThat(values[row][column])
                            .as("%s: %s, row %d, column %d", kind, description, row, column)
                            .isCloseTo(expected.values[row][column], within(bound));
                }
            }
        }
    }
}
