package dev.flopscope.backend;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.flopscope.Matrices;
import dev.flopscope.config.AttentionConfig;
import dev.flopscope.config.RotaryConfig;
import dev.flopscope.count.MatmulShape;
import dev.flopscope.witness.ReferenceOperators;
import java.util.Arrays;
import java.util.OptionalInt;
import java.util.concurrent.atomic.AtomicIntegerArray;
import org.junit.jupiter.api.Test;

/** Memory: tensors, views, parameters, caches; and what a backend says of itself. */
final class TensorsTest extends BackendSuite {
    TensorsTest(Backends.Kind kind) {
        super(kind);
    }

    @Test
    void newTensorsAreZeroAndTheirBytesAreKnown() {
        Allocator own = backend.allocator();
        try {
            assertThat(own.allocatedBytes()).isZero();
            Tensor first = own.zeros(3, 5);
            Tensor second = own.zeros(1, 1000);

            assertThat(first.rows()).isEqualTo(3);
            assertThat(first.columns()).isEqualTo(5);
            assertThat(first.size()).isEqualTo(15);
            assertThat(values(first)).isDeepEqualTo(new double[3][5]);
            assertThat(values(second)).isDeepEqualTo(new double[1][1000]);
            assertThat(own.allocatedBytes()).isEqualTo(1015L * first.type().bytes());
            own.close();
            assertThat(own.allocatedBytes()).isZero();
            assertThat(values(own.zeros(2, 2))).isDeepEqualTo(new double[2][2]);
        } finally {
            own.close();
        }
    }

    /** Memory that was used before is zero as well. */
    @Test
    void tensorsInFreedMemoryAreZero() {
        for (int round = 0; round < 20; round++) {
            try (Allocator own = backend.allocator()) {
                Tensor tensor = own.zeros(64, 64);
                assertThat(values(tensor)).isDeepEqualTo(new double[64][64]);
                Matrices.write(backend, tensor, Matrices.constant(64, 64, 5));
            }
        }
    }

    @Test
    void tensorsKeepTheirBitsAndShareNothing() {
        double[][] one = Matrices.random(1, 9, 31, 1e3);
        double[][] other = Matrices.random(2, 9, 31, 1e-3);
        one[3][7] = Float.MIN_VALUE;
        one[4][30] = Float.POSITIVE_INFINITY;
        one[5][0] = -0.0;
        Tensor first = tensor(one);
        Tensor second = tensor(other);

        assertThat(values(first)).isDeepEqualTo(one);
        assertThat(values(second)).isDeepEqualTo(other);
    }

    /** A view has the first elements of its tensor, row by row, whatever the widths of both. */
    @Test
    void aViewIsTheBeginningOfItsTensor() {
        double[][] values = Matrices.random(1, 6, 8, 1);
        Tensor whole = tensor(values);

        Tensor view = backend.view(whole, 5, 3);

        assertThat(view.rows()).isEqualTo(5);
        assertThat(view.columns()).isEqualTo(3);
        for (int row = 0; row < 5; row++) {
            for (int column = 0; column < 3; column++) {
                int element = row * 3 + column;
                assertThat(values(view)[row][column]).isEqualTo(values[element / 8][element % 8]);
            }
        }
        assertThat(values(backend.view(whole, 2, 8))).isDeepEqualTo(Arrays.copyOf(values, 2));
        assertThat(values(backend.view(whole, 1, 48))[0][47]).isEqualTo(values[5][7]);
    }

    @Test
    void whatIsWrittenThroughAViewIsWrittenToItsTensor() {
        Tensor whole = tensor(Matrices.constant(4, 6, 1));

        Matrices.write(backend, backend.view(whole, 3, 4), Matrices.constant(3, 4, 2));

        double[][] values = values(whole);
        for (int element = 0; element < 24; element++) {
            assertThat(values[element / 6][element % 6]).isEqualTo(element < 12 ? 2 : 1);
        }
    }

    @Test
    void aViewNeedsAsManyElementsAsItHas() {
        Tensor whole = tensor(Matrices.constant(4, 6, 1));
        assertThat(backend.view(whole, 24, 1).size()).isEqualTo(24);
        assertThatThrownBy(() -> backend.view(whole, 5, 5)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> backend.view(whole, 1, 25)).isInstanceOf(IllegalArgumentException.class);
    }

    /** Each row is asked for once, from whichever thread; rows have no order. */
    @Test
    void parametersHaveWhatTheirSourceSays() {
        int rows = 300;
        double[][] values = Matrices.random(5, rows, 7, 1);
        AtomicIntegerArray asked = new AtomicIntegerArray(rows);
        Tensor table;
        Tensor weight;
        try (TensorLoader loader = backend.loader(memory)) {
            table = loader.table(rows, 7, (row, destination) -> {
                asked.incrementAndGet((int) row);
                Matrices.rows(values).fill(row, destination);
            });
            weight = loader.weight(rows, 7, Matrices.rows(values));
        }
        for (int row = 0; row < rows; row++) {
            assertThat(asked.get(row)).as("row %d", row).isEqualTo(1);
        }
        assertThat(values(table)).isDeepEqualTo(values);
        assertThat(weight.rows()).isEqualTo(rows);
        assertThat(weight.columns()).isEqualTo(7);
        assertThat(weight.size()).isEqualTo(2100);
        assertThat(memory.allocatedBytes()).isGreaterThanOrEqualTo(2 * 2100 * 4);
    }

    @Test
    void aSourceThatFailsFailsTheLoading() {
        try (TensorLoader loader = backend.loader(memory)) {
            assertThatThrownBy(() -> loader.table(50, 7, (row, destination) -> {
                        throw new IllegalStateException("planted");
                    }))
                    .hasStackTraceContaining("planted");
            assertThatThrownBy(() -> loader.weight(50, 7, (row, destination) -> {
                        throw new IllegalStateException("planted");
                    }))
                    .hasStackTraceContaining("planted");
        }
        assertThat(values(table(Matrices.constant(2, 2, 3)))).isDeepEqualTo(Matrices.constant(2, 2, 3));
    }

    /** Room for keys and values of every head, token and sequence: 2·B·K·capacity·d elements. */
    @Test
    void aCacheTakesTheRoomOfItsKeysAndValues() {
        AttentionConfig heads = new AttentionConfig(4, 2, 6, new RotaryConfig(10_000), OptionalInt.of(3));
        try (Allocator own = backend.allocator()) {
            KeyValues cache = backend.cache(3, heads, 10, own);

            assertThat(cache.capacity()).isEqualTo(10);
            assertThat(own.allocatedBytes()).isEqualTo(2 * 3 * 2 * 10 * 6 * 4);
        }
    }

    @Test
    void aBackendSaysWhatItIs() {
        assertThat(backend.library().vendor()).isNotEmpty();
        assertThat(backend.library().threads()).isEqualTo(kind.threads());
        long before = backend.clock().now();
        values(tensor(Matrices.random(1, 50, 50, 1)));
        assertThat(backend.clock().now()).isGreaterThan(before);
        assertThat(backend.rotary(9, 4, ReferenceOperators.frequencies(4, 10_000), 1)
                        .positions())
                .isGreaterThanOrEqualTo(9);
    }

    @Test
    void probesGivePositiveRates() {
        MachineProbes probes = backend.probes(memory, 1 << 20);

        assertThat(probes.arrayBytes()).isPositive();
        for (Probe probe : new Probe[] {
            probes.multiplyAdds(),
            probes.read(),
            probes.write(),
            probes.triad(),
            probes.tiles(new MatmulShape(16, 8, 32), 3)
        }) {
            assertThat(probe.sample()).isPositive().isFinite();
            assertThat(probe.sample()).isPositive().isFinite();
        }
    }
}
