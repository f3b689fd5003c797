package dev.flopscope.forward;

import dev.flopscope.config.ModelConfig;
import dev.flopscope.count.MatmulKind;
import dev.flopscope.count.MatmulSite;
import dev.flopscope.kernel.OnlineSoftmax;
import dev.flopscope.kernel.Positions;
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
 * Attention of one new token of each sequence over everything that the cache holds of it, itself included.
 *
 * <p>A task is one key/value head of one sequence with the H/K query heads that share it: products (H/K, d)·(d, t) and
 * (H/K, t)·(t, d), so that the cache is read once a token, however many heads share it; matrix-vector where each head has
 * its own. Nothing is masked: the cache holds no later token. Tasks are spread over the threads.
 */
final class OneTokenAttention implements HeadAttention {
    private final KvCache cache;
    private final Activations activations;
    private final Matmul matmul;
    private final TimedKernels kernels;
    private final Workers workers;
    private final Timeline timeline;
    private final int numKvHeads;
    private final int headsPerKeyValue;
    private final int headDim;
    private final List<INDArray> queries;
    private final List<Bench> benches;

    /** What one worker needs: room for the scores of heads that share a key/value head, and for what follows. */
    private record Bench(Matrix scores, Matrix weights, Matrix weighted, OnlineSoftmax softmax) {}

    OneTokenAttention(ModelConfig model, int batch, KvCache cache, Activations activations, Machinery machinery) {
        this.cache = cache;
        this.activations = activations;
        this.matmul = machinery.matmul();
        this.kernels = machinery.kernels();
        MatrixAllocator scratch = machinery.scratch();
        this.workers = scratch.workers();
        this.timeline = machinery.timeline();
        this.numKvHeads = model.numKvHeads();
        this.headsPerKeyValue = model.numHeads() / numKvHeads;
        this.headDim = model.headDim();
        this.queries = queries(batch);
        this.benches = new ArrayList<>();
        for (int worker = 0; worker < workers.threads(); worker++) {
            benches.add(new Bench(
                    scratch.allocateZeros(headsPerKeyValue, cache.capacity()),
                    scratch.allocateZeros(headsPerKeyValue, cache.capacity()),
                    scratch.allocateZeros(headsPerKeyValue, headDim),
                    new OnlineSoftmax(headsPerKeyValue, cache.capacity(), headDim, machinery.elementwise())));
        }
    }

    /** Views of the query heads that share each key/value head, (H/K, d), sequence by sequence. */
    private List<INDArray> queries(int batch) {
        List<INDArray> views = new ArrayList<>();
        for (int sequence = 0; sequence < batch; sequence++) {
            for (int head = 0; head < numKvHeads; head++) {
                views.add(activations.queries.rowsWithin(sequence, firstColumn(head), headsPerKeyValue, headDim));
            }
        }
        return views;
    }

    private int firstColumn(int keyValueHead) {
        return keyValueHead * headsPerKeyValue * headDim;
    }

    @Override
    public void attend(int layer) {
        Positions position = new Positions(cache.length(), 1);
        kernels.keep(layer, activations.keys, position, cache.keys(layer));
        kernels.keep(layer, activations.values, position, cache.values(layer));
        int seen = cache.length() + 1;
        matmul.sideBySide(
                workers.threads(),
                () -> workers.forTasks(
                        queries.size(), (worker, task) -> attend(layer, (int) task, seen, benches.get(worker))));
    }

    /** The heads that share key/value head {@code shared}, counted through all sequences, over {@code seen} positions. */
    private void attend(int layer, int shared, int seen, Bench bench) {
        timeline.time(Step.SOFTMAX, layer, bench.softmax()::begin);
        matmul.multiply(
                new MatmulSite(MatmulKind.ATTN_SCORES, layer),
                queries.get(shared),
                cache.keys(layer).get(shared).block(0, seen, 0, headDim),
                Right.TRANSPOSED,
                bench.scores().block(0, headsPerKeyValue, 0, seen));
        timeline.time(
                Step.SOFTMAX,
                layer,
                () -> bench.softmax().weigh(bench.scores(), bench.weights(), headsPerKeyValue, seen, seen));
        matmul.multiply(
                new MatmulSite(MatmulKind.ATTN_VALUES, layer),
                bench.weights().block(0, headsPerKeyValue, 0, seen),
                cache.values(layer).get(shared).block(0, seen, 0, headDim),
                Right.AS_IS,
                bench.weighted().array());
        timeline.time(Step.SOFTMAX, layer, () -> finish(shared, bench));
    }

    private void finish(int shared, Bench bench) {
        bench.softmax().accumulate(bench.weighted(), headsPerKeyValue);
        bench.softmax()
                .finishHeads(
                        activations.attention, shared / numKvHeads, firstColumn(shared % numKvHeads), headsPerKeyValue);
    }

    @Override
    public void warmUp() {
        int seen = cache.capacity();
        workers.forTasks(workers.threads(), (worker, task) -> {
            Bench bench = benches.get(worker);
            bench.softmax().begin();
            bench.softmax().weigh(bench.scores(), bench.weights(), headsPerKeyValue, seen, seen);
            bench.softmax().accumulate(bench.weighted(), headsPerKeyValue);
        });
    }
}
