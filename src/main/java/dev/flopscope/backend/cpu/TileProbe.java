package dev.flopscope.backend.cpu;

import dev.flopscope.backend.Probe;
import dev.flopscope.backend.Products;
import dev.flopscope.backend.Products.Right;
import dev.flopscope.backend.cpu.memory.Matrix;
import dev.flopscope.backend.cpu.memory.MatrixAllocator;
import dev.flopscope.backend.cpu.memory.Workers;
import dev.flopscope.count.MatmulKind;
import dev.flopscope.count.MatmulSite;
import java.util.ArrayList;
import java.util.List;

/**
 * Attention's two products of a tile, scores = Q·Kᵀ and scores·V, a tile on each thread at once; in GFLOP/s of all threads
 * together. A tile stays in a core's cache as it does in attention.
 */
final class TileProbe implements Probe {
    /** Shared out as threads get free. */
    private static final int TILES_PER_THREAD = 32;

    private final ProductEngine engine;
    private final Products products;
    private final Workers workers;
    private final List<Tile> tiles = new ArrayList<>();

    private record Tile(Matrix queries, Matrix keys, Matrix values, Matrix scores, Matrix weighted) {
        private static final MatmulSite SCORES = new MatmulSite(MatmulKind.ATTN_SCORES, 0);
        private static final MatmulSite VALUES = new MatmulSite(MatmulKind.ATTN_VALUES, 0);

        void multiply(Products products) {
            products.multiply(SCORES, queries, keys, Right.TRANSPOSED, scores);
            products.multiply(VALUES, scores, values, Right.AS_IS, weighted);
        }

        long flops() {
            return 2 * 2 * queries.size() * keys.rows();
        }
    }

    /** A probe of {@code products}, which are those of {@code engine} or end there. */
    TileProbe(ProductEngine engine, Products products, MatrixAllocator memory, int queries, int keys, int headDim) {
        this.engine = engine;
        this.products = products;
        this.workers = memory.workers();
        for (int worker = 0; worker < workers.threads(); worker++) {
            tiles.add(new Tile(
                    CpuProbes.matrix(memory, queries, headDim),
                    CpuProbes.matrix(memory, keys, headDim),
                    CpuProbes.matrix(memory, keys, headDim),
                    memory.zeros(queries, keys),
                    memory.zeros(queries, headDim)));
        }
    }

    @Override
    public double sample() {
        long start = System.nanoTime();
        engine.eachOnOneThread(
                true,
                () -> workers.forTasks(
                        tilesOfASample(), (worker, task) -> tiles.get(worker).multiply(products)));
        return (double) flops() / (System.nanoTime() - start);
    }

    /** FLOPs of a sample: two products a tile. */
    long flops() {
        return tiles.get(0).flops() * tilesOfASample();
    }

    private long tilesOfASample() {
        return (long) TILES_PER_THREAD * workers.threads();
    }
}
