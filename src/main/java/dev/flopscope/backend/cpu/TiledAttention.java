package dev.flopscope.backend.cpu;

import dev.flopscope.backend.cpu.TiledAttention.Tile;
import dev.flopscope.backend.cpu.kernel.Elementwise;
import dev.flopscope.backend.cpu.kernel.OnlineSoftmax;
import dev.flopscope.backend.cpu.memory.Block;
import dev.flopscope.backend.cpu.memory.Matrix;
import dev.flopscope.backend.cpu.memory.MatrixAllocator;
import dev.flopscope.backend.cpu.memory.Workers;
import dev.flopscope.config.Attention;
import dev.flopscope.config.AttentionConfig;
import dev.flopscope.config.Chunk;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;

/**
 * Attention by tiles of queries and keys (Dao et al. 2022): scores never exist whole, a tile of them stays in a core's cache
 * from its product through its softmax to the next product.
 *
 * <p>A task is one tile of queries against its tiles of keys. Tasks are spread over the threads, each product runs on one
 * thread, and each is told with the shape it has.
 */
final class TiledAttention extends PlannedAttention<List<Tile>> {
    private final Function<Operands, List<Tile>> cut;
    private final ProductEngine engine;
    private final Workers workers;
    private final List<Workspace> workspaces;

    /**
     * A tile of queries, and the keys and values that it attends to, tile by tile.
     *
     * @param queries (R, d)
     * @param keys (C, d) each; the last may have fewer rows
     * @param values (C, d) each; the last may have fewer rows
     * @param visibleToFirst positions from the first key to the first query, both included
     * @param head of the first query; the others' are the same, or the next ones where they are queries of one token
     * @param row of the first query's output
     * @param column where in that row it begins
     */
    record Tile(
            Block queries, List<Block> keys, List<Block> values, long visibleToFirst, int head, long row, int column) {}

    /**
     * Makes no buffers.
     *
     * @param cut says which tiles a call has: {@link #tiles} or {@link #ofOneQuery}
     * @param workspaces one for each worker
     */
    TiledAttention(
            Function<Operands, List<Tile>> cut, ProductEngine engine, Workers workers, List<Workspace> workspaces) {
        this.cut = cut;
        this.engine = engine;
        this.workers = workers;
        this.workspaces = workspaces;
    }

    @Override
    List<Tile> plan(Operands operands) {
        return cut.apply(operands);
    }

    /**
     * Tiles of each head's queries. A causal algorithm leaves out key tiles that begin after the last query, or end before what
     * a window shows to the first.
     */
    static List<Tile> tiles(Attention attention, Operands operands) {
        AttentionConfig heads = operands.heads();
        Chunk chunk = operands.chunk();
        int d = heads.headDim();
        int rows = attention.queryTile(chunk.queries());
        int columns = attention.keyTile(chunk.end());
        int keyTiles = (chunk.end() - 1) / columns + 1;
        List<KeyTiles> ofHeads = KeyTiles.ofHeads(operands, columns);
        List<Tile> tiles = new ArrayList<>();
        for (int start = 0; start < chunk.queries(); start += rows) {
            int height = Math.min(rows, chunk.queries() - start);
            int position = chunk.past() + start;
            boolean skips = attention.skipsMaskedTiles();
            int first = skips ? Math.max(0, position + 1 - operands.window()) / columns : 0;
            int end = skips ? (position + height - 1) / columns + 1 : keyTiles;
            for (int head = 0; head < chunk.batch() * heads.numHeads(); head++) {
                KeyTiles tilesOfKeys = ofHeads.get(head / heads.headsPerKeyValue());
                long row = operands.firstRow(head / heads.numHeads()) + start;
                int query = head % heads.numHeads();
                tiles.add(new Tile(
                        operands.queries().block(row, height, (long) query * d, d),
                        tilesOfKeys.keys.subList(first, end),
                        tilesOfKeys.values.subList(first, end),
                        position + 1L - (long) first * columns,
                        query,
                        row,
                        query * heads.valueDim()));
            }
        }
        return tiles;
    }

    /** The keys and values of one head, all of them, tile by tile. */
    private record KeyTiles(List<Block> keys, List<Block> values) {
        /** Those of all heads, sequence by sequence. */
        static List<KeyTiles> ofHeads(Operands operands, int columns) {
            List<KeyTiles> all = new ArrayList<>();
            for (int sequence = 0; sequence < operands.chunk().batch(); sequence++) {
                for (int head = 0; head < operands.heads().numKvHeads(); head++) {
                    all.add(of(operands, sequence, head, columns));
                }
            }
            return all;
        }

        private static KeyTiles of(Operands operands, int sequence, int head, int columns) {
            KeyTiles tiles = new KeyTiles(new ArrayList<>(), new ArrayList<>());
            int end = operands.chunk().end();
            for (int start = 0; start < end; start += columns) {
                int width = Math.min(columns, end - start);
                tiles.keys.add(operands.keys(sequence, head, start, width));
                tiles.values.add(operands.values(sequence, head, start, width));
            }
            return tiles;
        }
    }

    /**
     * One tile for each key/value head of each sequence, whose queries are the H/K heads of one token that share it, over
     * everything that the token sees: products (H/K, d)·(d, t) and (H/K, t)·(t, d), so that keys and values are read once,
     * however many heads share them; matrix-vector where each head has its own. Nothing is masked: there is no later token, and
     * what a window hides is no operand.
     */
    static List<Tile> ofOneQuery(Operands operands) {
        AttentionConfig heads = operands.heads();
        int end = operands.chunk().end();
        int seen = Math.min(end, operands.window());
        List<Tile> tiles = new ArrayList<>();
        for (int sequence = 0; sequence < operands.chunk().batch(); sequence++) {
            for (int head = 0; head < heads.numKvHeads(); head++) {
                int query = head * heads.headsPerKeyValue();
                tiles.add(new Tile(
                        operands.queries()
                                .rowsWithin(
                                        sequence,
                                        (long) query * heads.headDim(),
                                        heads.headsPerKeyValue(),
                                        heads.headDim()),
                        List.of(operands.keys(sequence, head, end - seen, seen)),
                        List.of(operands.values(sequence, head, end - seen, seen)),
                        seen,
                        query,
                        sequence,
                        query * heads.valueDim()));
            }
        }
        return tiles;
    }

    @Override
    void attend(Operands operands, List<Tile> tiles, Layer layer) {
        layer.context()
                .parallel(
                        workers.threads(),
                        () -> engine.eachOnOneThread(
                                operands.chunk().queries() > 1,
                                () -> workers.forTasks(
                                        tiles.size(),
                                        (worker, task) -> attend(
                                                operands, tiles.get((int) task), layer, workspaces.get(worker)))));
    }

    private static void attend(Operands operands, Tile tile, Layer layer, Workspace workspace) {
        OnlineSoftmax softmax = workspace.softmax();
        int rows = (int) tile.queries().rows();
        int valueDim = operands.heads().valueDim();
        boolean oneQuery = operands.chunk().queries() == 1;
        int window = oneQuery ? OnlineSoftmax.NO_WINDOW : operands.window();
        layer.softmax(() -> {
            softmax.begin(valueDim);
            for (int row = 0; row < rows; row++) {
                softmax.sink(row, layer.sinks().of(tile.head() + (oneQuery ? row : 0)));
            }
        });
        long visibleToFirst = tile.visibleToFirst();
        for (int index = 0; index < tile.keys().size(); index++) {
            Block keys = tile.keys().get(index);
            int columns = (int) keys.rows();
            long visible = visibleToFirst;
            layer.score(tile.queries(), keys, workspace.scores().block(rows, columns));
            layer.softmax(() -> {
                operands.heads().softCap().ifPresent(cap -> workspace.softCap(rows, columns, cap));
                workspace.weigh(rows, columns, visible, window);
            });
            layer.weigh(
                    workspace.weights().block(rows, columns),
                    tile.values().get(index),
                    workspace.weighted().block(rows, valueDim));
            layer.softmax(() -> workspace.accumulate(rows));
            visibleToFirst -= columns;
        }
        layer.softmax(() -> softmax.finish(operands.output(), tile.row(), tile.column(), rows, oneQuery));
    }

    /**
     * What one worker needs: room for a tile of scores, their weights, and their product with the values.
     *
     * @param scores (rows, columns)
     * @param weights (rows, columns)
     * @param weighted as many rows, as wide as the widest head
     * @param softmax carries sums from tile to tile
     */
    record Workspace(TileBuffer scores, TileBuffer weights, TileBuffer weighted, OnlineSoftmax softmax) {
        /** One for each worker, for tiles of up to {@code rows}×{@code columns} scores of {@code heads}. */
        static List<Workspace> ofWorkers(
                int rows, int columns, List<AttentionConfig> heads, MatrixAllocator memory, Elementwise elementwise) {
            int valueDim =
                    heads.stream().mapToInt(AttentionConfig::valueDim).max().orElseThrow();
            List<Workspace> workspaces = new ArrayList<>();
            for (int worker = 0; worker < memory.workers().threads(); worker++) {
                workspaces.add(new Workspace(
                        new TileBuffer(memory.zeros(rows, columns)),
                        new TileBuffer(memory.zeros(rows, columns)),
                        new TileBuffer(memory.zeros(rows, valueDim)),
                        new OnlineSoftmax(rows, columns, valueDim, elementwise)));
            }
            return workspaces;
        }

        void softCap(int queries, int keys, double cap) {
            softmax.softCap(scores.whole, queries, keys, cap);
        }

        void weigh(int queries, int keys, long visibleToFirst, int window) {
            softmax.weigh(scores.whole, weights.whole, queries, keys, visibleToFirst, window);
        }

        void accumulate(int queries) {
            softmax.accumulate(weighted.whole, queries);
        }
    }

    /** A buffer for tiles of several sizes. The block that was used last is kept, since the next tile mostly has its size. */
    static final class TileBuffer {
        private final Matrix whole;
        private Block last;

        TileBuffer(Matrix whole) {
            this.whole = whole;
            this.last = whole;
        }

        /** The first rows and columns. */
        Block block(int rows, int columns) {
            if (rows != last.rows() || columns != last.columns()) {
                last = whole.block(0, rows, 0, columns);
            }
            return last;
        }
    }
}
