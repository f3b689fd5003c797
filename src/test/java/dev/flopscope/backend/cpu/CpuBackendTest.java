package dev.flopscope.backend.cpu;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.flopscope.Matrices;
import dev.flopscope.backend.Allocator;
import dev.flopscope.backend.Backend;
import dev.flopscope.backend.KeyValues;
import dev.flopscope.backend.MachineProbes;
import dev.flopscope.backend.Products.Right;
import dev.flopscope.backend.Tensor;
import dev.flopscope.backend.TensorLoader;
import dev.flopscope.config.AttentionConfig;
import dev.flopscope.config.Chunk;
import dev.flopscope.config.Engine;
import dev.flopscope.config.RotaryConfig;
import dev.flopscope.count.MatmulShape;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class CpuBackendTest {
    private static final AttentionConfig HEADS =
            new AttentionConfig(6, 3, 4, new RotaryConfig(10_000), OptionalInt.empty());

    @Test
    void theBestEngineIsOneDnnWhereThereIsALibraryOfIt() {
        assertThat(CpuBackend.best()).isEqualTo(Engine.ONEDNN);
    }

    @ParameterizedTest
    @EnumSource(names = {"ONEDNN", "OPENBLAS"})
    void theLibraryDescribesItself(Engine engine) {
        try (Backend backend = CpuBackend.start(engine, 2)) {
            assertThat(backend.library().vendor()).isEqualTo(engine == Engine.ONEDNN ? "oneDNN" : "OpenBLAS");
            assertThat(backend.library().threads()).isEqualTo(2);
            assertThat(backend.library().version()).matches("[0-9.]+.*");
        }
    }

    @Test
    void aBackendNeedsAThread() {
        assertThatThrownBy(() -> CpuBackend.start(Engine.ONEDNN, 0))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("threads must be at least 1: 0");
    }

    /** Buffers are as large as the largest chunk; smaller ones are their beginning, and written nowhere else. */
    @ParameterizedTest
    @EnumSource(names = {"ONEDNN", "OPENBLAS"})
    void operatorsAndProductsTakeViews(Engine engine) {
        try (Backend backend = CpuBackend.start(engine, 2);
                Allocator memory = backend.allocator();
                TensorLoader loader = backend.loader(memory)) {
            Tensor weight = loader.weight(5, 4, Matrices.rows(Matrices.random(1, 5, 4, 1)));
            Tensor buffer = Matrices.filled(backend, memory, 3, 6, 9);
            Tensor result = Matrices.filled(backend, memory, 3, 6, 7);
            Tensor x = backend.view(buffer, 2, 4);
            Tensor y = backend.view(result, 2, 5);
            double[][] values = Matrices.random(2, 2, 4, 1);

            Matrices.write(backend, x, values);
            backend.products().project(EngineTest.SITE, x, weight, y);

            EngineTest.assertWithinBound(
                    Matrices.values(backend, y), 0, values, Matrices.random(1, 5, 4, 1), Right.TRANSPOSED);
            assertThat(Matrices.values(backend, buffer)[2]).containsOnly(9);
            assertThat(Matrices.values(backend, buffer)[1][1]).isEqualTo(values[1][3]);
            assertThat(Matrices.values(backend, result)[2]).containsOnly(7);
            assertThat(Matrices.values(backend, result)[1][4]).isEqualTo(7);
            assertThatThrownBy(() -> backend.view(buffer, 4, 5)).isInstanceOf(IllegalArgumentException.class);
        }
    }

    @Test
    void aCacheTakesTwoMatricesForEachHeadOfEachSequence() {
        try (Backend backend = CpuBackend.start(Engine.ONEDNN, 2);
                Allocator memory = backend.allocator()) {
            KeyValues cache = backend.cache(2, HEADS, 7, memory);

            assertThat(cache.capacity()).isEqualTo(7);
            assertThat(memory.allocatedBytes()).isEqualTo(4L * 2 * 2 * 3 * 7 * 4);
        }
    }

    /** What would be written beyond a head's room is the next head's. */
    @Test
    void aFullCacheTakesNoMore() {
        try (Backend backend = CpuBackend.start(Engine.ONEDNN, 2);
                Allocator memory = backend.allocator()) {
            KeyValues cache = backend.cache(1, HEADS, 4, memory);
            Tensor rows = Matrices.filled(backend, memory, 2, 12, 1);
            backend.operators().append(cache, rows, rows, new Chunk(1, 2, 2));
            assertThatThrownBy(() -> backend.operators().append(cache, rows, rows, new Chunk(1, 2, 3)))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessage("keys and values of 4 positions have no room for 5 tokens");
        }
    }

    @Test
    void aChunkAfterOthersNeedsACache() {
        try (Backend backend = CpuBackend.start(Engine.ONEDNN, 1);
                Allocator memory = backend.allocator()) {
            Tensor rows = memory.zeros(2, 12);
            assertThatThrownBy(() -> backend.uncached(rows, rows, new Chunk(1, 2, 1), HEADS))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessage("a chunk after 1 tokens needs a cache");
        }
    }

    @Test
    void aPackedWeightHasNoRowsToRead() {
        try (Backend backend = CpuBackend.start(Engine.ONEDNN, 1);
                Allocator memory = backend.allocator();
                TensorLoader loader = backend.loader(memory)) {
            Tensor weight = loader.weight(3, 4, (row, values) -> {});
            Tensor table = loader.table(3, 4, (row, values) -> values[1] = row);
            float[] row = new float[4];

            backend.readRow(table, 2, row);

            assertThat(row).containsExactly(0, 2, 0, 0);
            assertThatThrownBy(() -> backend.readRow(weight, 2, row))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageStartingWith("not a matrix of this backend, row by row: ");
            assertThat(weight.size()).isEqualTo(12);
        }
    }

    @Test
    void probesHavePositiveRatesAndAllocateArraysWhenTheyNeedThem() {
        try (Backend backend = CpuBackend.start(Engine.ONEDNN, 2);
                Allocator memory = backend.allocator()) {
            MachineProbes probes = backend.probes(memory, 1 << 20);
            assertThat(probes.arrayBytes()).isEqualTo(1 << 20);
            assertThat(probes.multiplyAdds().sample()).isPositive().isFinite();
            assertThat(memory.allocatedBytes()).isZero();
            assertThat(probes.read().sample()).isPositive().isFinite();
            assertThat(probes.write().sample()).isPositive().isFinite();
            assertThat(probes.triad().sample()).isPositive().isFinite();
            assertThat(memory.allocatedBytes()).isEqualTo(3 << 20);
            assertThat(probes.tiles(new MatmulShape(16, 4, 8), 0).sample())
                    .isPositive()
                    .isFinite();
        }
    }
}
