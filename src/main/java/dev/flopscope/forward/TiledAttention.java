package dev.flopscope.forward;

import dev.flopscope.config.Attention;
import dev.flopscope.config.ModelConfig;
import dev.flopscope.count.MatmulKind;
import dev.flopscope.count.MatmulSite;
import dev.flopscope.kernel.OnlineSoftmax;
import dev.flopscope.matmul.Matmul;
import dev.flopscope.matmul.Matmul.Right;
import dev.flopscope.tensor.Matrix;
import dev.flopscope.tensor.MatrixAllocator;
import dev.flopscope.tensor.Workers;
import dev.flopscope.time.Step;
import dev.flopscope.time.Timeline;
import java.util.ArrayList;
import java.util.List;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * Attention by tiles of R queries and C keys (Dao et al. 2022): scores never exist whole, a tile of them stays in a core's
 * cache from its product through its softmax to the next product.
 *
 * <p>A task is one tile of queries of one head. Tasks are spread over the threads, each product runs on one thread, and
 * each is counted with the shape it has. With {@code causal}, key tiles that begin after the last query are left out.
 */
final class TiledAttention implements HeadAttention {
    private final Attention attention;
    private final Activations activations;
    private final Matmul matmul;
    private final Workers workers;
    private final Timeline timeline;
    private final int tokens;
    private final int numHeads;
    private final int headsPerKeyValue;
    private final int headDim;
    private final int queryTile;
    private final int keyTile;
    private final int queryTiles;
    private final int keyTiles;
    private final List<List<INDArray>> queries;
    private final List<List<INDArray>> keys;
    private final List<List<INDArray>> values;
    private final List<Bench> benches;

    /** What one worker needs: room for a tile of scores, their weights, and the product with the values. */
    private record Bench(Matrix scores, Matrix weights, Matrix weighted, OnlineSoftmax softmax) {}

    TiledAttention(
            ModelConfig model,
            int batch,
            int tokens,
            Attention attention,
            Activations activations,
            Machinery machinery) {
        this.attention = attention;
        this.activations = activations;
        this.matmul = machinery.matmul();
        MatrixAllocator scratch = machinery.scratch();
        this.workers = scratch.workers();
        this.timeline = machinery.timeline();
        this.tokens = tokens;
        this.numHeads = model.numHeads();
        this.headsPerKeyValue = model.numHeads() / model.numKvHeads();
        this.headDim = model.headDim();
        this.queryTile = attention.queryTile(tokens);
        this.keyTile = attention.keyTile(tokens);
        this.queryTiles = (tokens - 1) / queryTile + 1;
        this.keyTiles = (tokens - 1) / keyTile + 1;
        this.queries = tiles(activations.queries, batch, numHeads, queryTile);
        this.keys = tiles(activations.keys, batch, model.numKvHeads(), keyTile);
        this.values = tiles(activations.values, batch, model.numKvHeads(), keyTile);
        this.benches = new ArrayList<>();
        for (int worker = 0; worker < workers.threads(); worker++) {
            benches.add(new Bench(
                    scratch.allocateZeros(queryTile, keyTile),
                    scratch.allocateZeros(queryTile, keyTile),
                    scratch.allocateZeros(queryTile, headDim),
                    new OnlineSoftmax(queryTile, keyTile, headDim, machinery.elementwise())));
        }
    }

    /** Views of each head's tiles: one list a head, sequence by sequence. */
    private List<List<INDArray>> tiles(Matrix matrix, int batch, int heads, int tile) {
        List<List<INDArray>> all = new ArrayList<>();
        for (int sequence = 0; sequence < batch; sequence++) {
            for (int head = 0; head < heads; head++) {
                List<INDArray> ofHead = new ArrayList<>();
                for (int start = 0; start < tokens; start += tile) {
                    long row = (long) sequence * tokens + start;
                    ofHead.add(matrix.block(row, Math.min(tile, tokens - start), (long) head * headDim, headDim));
                }
                all.add(ofHead);
            }
        }
        return all;
    }

    @Override
    public void attend(int layer) {
        long tasks = (long) queries.size() * queryTiles;
        matmul.sideBySide(
                workers.threads(),
                () -> workers.forTasks(
                        tasks,
                        (worker, task) -> attend(
                                layer,
                                (int) (task % queries.size()),
                                (int) (task / queries.size()),
                                benches.get(worker))));
    }

    /** One tile of queries against the tiles of keys, in their order. {@code head} counts through all sequences. */
    private void attend(int layer, int head, int tile, Bench bench) {
        int start = tile * queryTile;
        int rows = Math.min(queryTile, tokens - start);
        int sequence = head / numHeads;
        int headInSequence = head % numHeads;
        int keyValueHead = head / headsPerKeyValue;
        timeline.time(Step.SOFTMAX, layer, bench.softmax()::begin);
        for (int keyIndex = 0; keyIndex < keyTilesOf(start + rows); keyIndex++) {
            attendTo(layer, queries.get(head).get(tile), start, keyValueHead, keyIndex, bench);
        }
        long firstRow = (long) sequence * tokens + start;
        int firstColumn = headInSequence * headDim;
        timeline.time(
                Step.SOFTMAX, layer, () -> bench.softmax().finish(activations.attention, firstRow, firstColumn, rows));
    }

    /** Key tiles computed for queries that end before {@code end}. */
    private int keyTilesOf(int end) {
        return attention.skipsMaskedTiles() ? (end - 1) / keyTile + 1 : keyTiles;
    }

    private void attendTo(int layer, INDArray queryTileView, int start, int keyValueHead, int keyIndex, Bench bench) {
        int rows = (int) queryTileView.size(0);
        int keyStart = keyIndex * keyTile;
        int columns = Math.min(keyTile, tokens - keyStart);
        INDArray scores = view(bench.scores(), rows, columns);
        INDArray weighted = view(bench.weighted(), rows, headDim);
        matmul.multiply(
                new MatmulSite(MatmulKind.ATTN_SCORES, layer),
                queryTileView,
                keys.get(keyValueHead).get(keyIndex),
                Right.TRANSPOSED,
                scores);
        long visibleToFirst = start - keyStart + 1L;
        timeline.time(
                Step.SOFTMAX,
                layer,
                () -> bench.softmax().weigh(bench.scores(), bench.weights(), rows, columns, visibleToFirst));
        matmul.multiply(
                new MatmulSite(MatmulKind.ATTN_VALUES, layer),
                view(bench.weights(), rows, columns),
                values.get(keyValueHead).get(keyIndex),
                Right.AS_IS,
                weighted);
        timeline.time(Step.SOFTMAX, layer, () -> bench.softmax().accumulate(bench.weighted(), rows));
    }

    /** The whole matrix, or for a ragged last tile its first rows and columns. */
    private static INDArray view(Matrix matrix, int rows, int columns) {
        return rows == matrix.rows() && columns == matrix.columns()
                ? matrix.array()
                : matrix.block(0, rows, 0, columns);
    }

    @Override
    public void warmUp() {
        workers.forTasks(workers.threads(), (worker, task) -> {
            Bench bench = benches.get(worker);
            bench.softmax().begin();
            bench.softmax().weigh(bench.scores(), bench.weights(), queryTile, keyTile, keyTile / 2L);
            bench.softmax().accumulate(bench.weighted(), queryTile);
        });
    }
}
