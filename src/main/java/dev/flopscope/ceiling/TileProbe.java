package dev.flopscope.ceiling;

import dev.flopscope.count.MatmulKind;
import dev.flopscope.count.MatmulSite;
import dev.flopscope.machine.ProductCeiling;
import dev.flopscope.machine.Rate;
import dev.flopscope.machine.ShapeClass;
import dev.flopscope.matmul.Matmul;
import dev.flopscope.matmul.Matmul.Right;
import dev.flopscope.tensor.Matrix;
import dev.flopscope.tensor.MatrixAllocator;
import dev.flopscope.tensor.Workers;
import java.util.ArrayList;
import java.util.List;

/**
 * Attention's two products of a tile, scores = Q·Kᵀ and scores·V, a tile on each thread at once; in GFLOP/s of all threads
 * together. The tile is the one that attention uses by default, and stays in a core's cache as it does there.
 */
final class TileProbe implements Probe {
    private static final int QUERIES = 256;
    private static final int KEYS = 256;
    private static final int HEAD_DIM = 64;
    /** Shared out as threads get free. */
    private static final int TILES_PER_THREAD = 32;

    private final Matmul engine;
    private final Workers workers;
    private final List<Tile> tiles = new ArrayList<>();

    private record Tile(Matrix queries, Matrix keys, Matrix values, Matrix scores, Matrix weighted) {}

    TileProbe(Matmul engine, MatrixAllocator memory) {
        this.engine = engine;
        this.workers = memory.workers();
        for (int worker = 0; worker < workers.threads(); worker++) {
            tiles.add(new Tile(
                    Operands.matrix(memory, QUERIES, HEAD_DIM),
                    Operands.matrix(memory, KEYS, HEAD_DIM),
                    Operands.matrix(memory, KEYS, HEAD_DIM),
                    memory.allocateZeros(QUERIES, KEYS),
                    memory.allocateZeros(QUERIES, HEAD_DIM)));
        }
    }

    @Override
    public double sample() {
        long start = System.nanoTime();
        engine.sideBySide(
                workers.threads(),
                () -> workers.forTasks(tilesOfASample(), (worker, task) -> multiply(tiles.get(worker))));
        return (double) flops() / (System.nanoTime() - start);
    }

    /** FLOPs of a sample: two products a tile. */
    long flops() {
        return 2 * 2L * QUERIES * HEAD_DIM * KEYS * tilesOfASample();
    }

    private long tilesOfASample() {
        return (long) TILES_PER_THREAD * workers.threads();
    }

    private void multiply(Tile tile) {
        engine.multiply(
                new MatmulSite(MatmulKind.ATTN_SCORES, 0),
                tile.queries().array(),
                tile.keys().array(),
                Right.TRANSPOSED,
                tile.scores().array());
        engine.multiply(
                new MatmulSite(MatmulKind.ATTN_VALUES, 0),
                tile.scores().array(),
                tile.values().array(),
                Right.AS_IS,
                tile.weighted().array());
    }

    /** The shape of the scores with the rate that was measured of both products. */
    ProductCeiling ceiling(Rate rate) {
        return new ProductCeiling(ShapeClass.ATTENTION, QUERIES, HEAD_DIM, KEYS, rate);
    }
}
