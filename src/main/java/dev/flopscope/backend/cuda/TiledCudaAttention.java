package dev.flopscope.backend.cuda;

import dev.flopscope.backend.cuda.driver.Kernel;
import dev.flopscope.config.Attention;

/**
 * Attention by tiles of queries and keys with online softmax (Milakov and Gimelshein 2018; Dao et al. 2022): a running maximum
 * and sum of every query, and an output that is scaled when the maximum grows. One call has the same tile of several heads.
 */
final class TiledCudaAttention extends CudaAttention {
    private final CudaKernels kernels;
    private final Attention attention;
    private final Room room;

    /**
     * Memory for tiles of some heads at once.
     *
     * @param heads how many
     * @param scores heads·R·C
     * @param weighted heads·R·dᵥ: a tile's weights times its values
     * @param outputs heads·R·dᵥ: the sum of these so far
     * @param maxima heads·R
     * @param sums heads·R
     * @param decays heads·R: by how much the last tile scaled each query's output
     */
    record Room(
            int heads,
            CudaTensor scores,
            CudaTensor weighted,
            CudaTensor outputs,
            CudaTensor maxima,
            CudaTensor sums,
            CudaTensor decays) {
        /** Allocates it for tiles of R×C scores and values of width dᵥ. */
        static Room of(int heads, int queries, int keys, int valueDim, CudaAllocator memory) {
            long rows = (long) heads * queries;
            return new Room(
                    heads,
                    memory.tensor(rows, keys),
                    memory.tensor(rows, valueDim),
                    memory.tensor(rows, valueDim),
                    memory.tensor(rows, 1),
                    memory.tensor(rows, 1),
                    memory.tensor(rows, 1));
        }
    }

    /** A tile of queries of some heads. */
    private record Tile(int sequence, int firstHead, int heads, int firstQuery, int queries) {
        long rows() {
            return (long) heads * queries;
        }
    }

    TiledCudaAttention(CudaKernels kernels, Attention attention, Room room) {
        this.kernels = kernels;
        this.attention = attention;
        this.room = room;
    }

    @Override
    void attend(Operands operands) {
        int queries = operands.chunk().queries();
        int height = attention.queryTile(queries);
        int fitting = Math.min(operands.headsAtOnce(), room.heads());
        for (int sequence = 0; sequence < operands.chunk().batch(); sequence++) {
            for (int group = 0; group < operands.config().numHeads(); group += operands.headsAtOnce()) {
                int end = group + operands.headsAtOnce();
                for (int head = group; head < end; head += fitting) {
                    int heads = Math.min(fitting, end - head);
                    for (int first = 0; first < queries; first += height) {
                        attend(operands, new Tile(sequence, head, heads, first, Math.min(height, queries - first)));
                    }
                }
            }
        }
    }

    private void attend(Operands operands, Tile tile) {
        operands.softmax(() -> begin(operands, tile));
        int end = operands.chunk().end();
        int width = attention.keyTile(end);
        int firstPosition = operands.chunk().past() + tile.firstQuery();
        for (int key = 0; key < end; key += width) {
            int keys = Math.min(width, end - key);
            boolean afterAll = key >= firstPosition + tile.queries();
            boolean beforeAll = (long) key + keys + operands.window() <= (long) firstPosition + 1;
            if (!attention.skipsMaskedTiles() || !(afterAll || beforeAll)) {
                take(operands, tile, key, keys);
            }
        }
        operands.softmax(() -> finish(operands, tile));
    }

    private void begin(Operands operands, Tile tile) {
        Kernel begin = kernels.softmax("online_begin")
                .with(room.maxima().pointer())
                .with(room.sums().pointer())
                .with(room.outputs().pointer())
                .with(tile.rows())
                .with((long) operands.config().valueDim())
                .with(tile.queries())
                .with(operands.sinks())
                .with(operands.config().numHeads())
                .with(tile.firstHead());
        kernels.overElements(begin, tile.rows() * operands.config().valueDim());
    }

    private void take(Operands operands, Tile tile, int firstKey, int keys) {
        int valueDim = operands.config().valueDim();
        CudaTensor scores = dense(room.scores(), tile.heads(), tile.queries(), keys);
        CudaTensor weighted = dense(room.weighted(), tile.heads(), tile.queries(), valueDim);
        operands.score(
                operands.queries(tile.sequence(), tile.firstHead(), tile.heads(), tile.firstQuery(), tile.queries()),
                operands.keys(tile.sequence(), tile.firstHead(), tile.heads(), firstKey, keys),
                scores);
        operands.softmax(() -> {
            Kernel weigh = kernels.softmax("online_weigh")
                    .with(scores.pointer())
                    .with(room.maxima().pointer())
                    .with(room.sums().pointer())
                    .with(room.decays().pointer())
                    .with(tile.rows())
                    .with(tile.queries())
                    .with(keys)
                    .with(operands.chunk().past() + tile.firstQuery())
                    .with(firstKey)
                    .with(operands.window())
                    .with(operands.cap());
            kernels.overRows(weigh, tile.rows(), keys);
        });
        operands.weigh(
                scores, operands.values(tile.sequence(), tile.firstHead(), tile.heads(), firstKey, keys), weighted);
        operands.softmax(() -> {
            Kernel accumulate = kernels.softmax("online_accumulate")
                    .with(room.outputs().pointer())
                    .with(weighted.pointer())
                    .with(room.decays().pointer())
                    .with(tile.rows())
                    .with((long) valueDim);
            kernels.overElements(accumulate, tile.rows() * valueDim);
        });
    }

    private void finish(Operands operands, Tile tile) {
        int valueDim = operands.config().valueDim();
        Kernel finish = kernels.softmax("online_finish")
                .with(room.outputs().pointer())
                .with(room.sums().pointer())
                .with(operands.output().pointer())
                .with(tile.rows())
                .with(tile.queries())
                .with(valueDim)
                .with((long) tile.sequence() * operands.chunk().queries() + tile.firstQuery())
                .with(operands.output().columns())
                .with(tile.firstHead());
        kernels.overElements(finish, tile.rows() * valueDim);
    }
}
