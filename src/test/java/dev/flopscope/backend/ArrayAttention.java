package dev.flopscope.backend;

import dev.flopscope.backend.Products.Right;
import dev.flopscope.config.Attention;
import dev.flopscope.config.AttentionConfig;
import dev.flopscope.config.Chunk;
import dev.flopscope.count.MatmulKind;
import dev.flopscope.count.MatmulSite;
import dev.flopscope.time.Operator;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;

/** Attention head by head: all tiles of scores that the algorithm computes, then softmax, then the weighted values. */
record ArrayAttention(Attention algorithm) implements AttentionOperator {
    /** One tile of a head's scores: queries and keys from and until which position. */
    private record Tile(int top, int bottom, int first, int behind, ArrayTensor scores) {}

    /** One product's worth of heads of one sequence. Their sinks may be none. */
    private record Heads(
            int layer,
            AttentionConfig config,
            Chunk chunk,
            int window,
            List<Double> sinks,
            ArrayTensor queries,
            ArrayTensor keys,
            ArrayTensor values) {}

    @Override
    public void attend(
            int layer,
            AttentionConfig heads,
            Optional<Tensor> sinks,
            Chunk chunk,
            Tensor queries,
            KeyValues keyValues,
            Tensor output,
            ExecutionContext context) {
        ArrayKeyValues kept = (ArrayKeyValues) keyValues;
        int window = heads.window().orElse(Integer.MAX_VALUE);
        int d = heads.headDim();
        int w = heads.valueDim();
        for (int sequence = 0; sequence < chunk.batch(); sequence++) {
            int row = sequence * chunk.queries();
            for (int head = 0; head < heads.numHeads(); head++) {
                int shared = head / heads.headsPerKeyValue();
                ArrayTensor keys = kept.keys().block(sequence * kept.capacity(), chunk.end(), shared * d, d);
                ArrayTensor values = kept.values().block(sequence * kept.capacity(), chunk.end(), shared * w, w);
                if (chunk.queries() == 1 && head % heads.headsPerKeyValue() == 0) {
                    ArrayTensor group =
                            ArrayTensor.of(queries).block(row, 1, head * d, d).reshaped(heads.headsPerKeyValue(), d);
                    ArrayTensor out =
                            ArrayTensor.of(output).block(row, 1, head * w, w).reshaped(heads.headsPerKeyValue(), w);
                    List<Double> ofGroup = sinks(sinks, head, heads.headsPerKeyValue());
                    one(new Heads(layer, heads, chunk, window, ofGroup, group, keys, values), out, context);
                } else if (chunk.queries() > 1) {
                    ArrayTensor own = ArrayTensor.of(queries).block(row, chunk.queries(), head * d, d);
                    ArrayTensor out = ArrayTensor.of(output).block(row, chunk.queries(), head * w, w);
                    List<Double> sink = sinks(sinks, head, 1);
                    several(new Heads(layer, heads, chunk, window, sink, own, keys, values), out, context);
                }
            }
        }
    }

    private static List<Double> sinks(Optional<Tensor> all, int first, int count) {
        return IntStream.range(first, first + count)
                .mapToObj(head ->
                        all.map(vector -> ArrayTensor.of(vector).get(0, head)).orElse(Double.NEGATIVE_INFINITY))
                .toList();
    }

    /** The queries of one token that share a key/value head, with the positions that the token sees. */
    private static void one(Heads heads, ArrayTensor output, ExecutionContext context) {
        int end = heads.chunk().end();
        int seen = Math.min(heads.window(), end);
        int d = (int) heads.keys().columns();
        ArrayTensor scores = ArrayTensor.zeros(heads.queries().rows(), seen);
        multiply(context, heads, heads.queries(), heads.keys().block(end - seen, seen, 0, d), scores);
        context.operator(Operator.SOFTMAX, heads.layer(), () -> {
            for (int row = 0; row < scores.rows(); row++) {
                softmax(
                        List.of(new Tile(0, 1, 0, seen, scores.block(row, 1, 0, seen))),
                        0,
                        0,
                        seen,
                        heads.sinks().get(row));
            }
        });
        weigh(
                context,
                heads,
                scores,
                heads.values().block(end - seen, seen, 0, (int) heads.values().columns()),
                output);
    }

    private void several(Heads heads, ArrayTensor output, ExecutionContext context) {
        List<Tile> tiles = tiles(heads);
        int d = (int) heads.keys().columns();
        int past = heads.chunk().past();
        for (Tile tile : tiles) {
            multiply(
                    context,
                    heads,
                    heads.queries().block(tile.top() - past, tile.bottom() - tile.top(), 0, d),
                    heads.keys().block(tile.first(), tile.behind() - tile.first(), 0, d),
                    tile.scores());
        }
        context.operator(Operator.SOFTMAX, heads.layer(), () -> {
            for (int position = past; position < heads.chunk().end(); position++) {
                int from = heads.window() > position ? 0 : position + 1 - heads.window();
                softmax(tiles, position, from, position + 1, heads.sinks().get(0));
            }
        });
        int w = (int) heads.values().columns();
        ArrayTensor sums = ArrayTensor.zeros(output.rows(), w);
        for (Tile tile : tiles) {
            ArrayTensor share = ArrayTensor.zeros(tile.scores().rows(), w);
            weigh(
                    context,
                    heads,
                    tile.scores(),
                    heads.values().block(tile.first(), tile.behind() - tile.first(), 0, w),
                    share);
            context.operator(
                    Operator.SOFTMAX,
                    heads.layer(),
                    () -> new ArrayOperators()
                            .add(sums.block(tile.top() - past, tile.bottom() - tile.top(), 0, w), share));
        }
        context.operator(Operator.SOFTMAX, heads.layer(), () -> {
            for (int row = 0; row < sums.rows(); row++) {
                for (int column = 0; column < w; column++) {
                    output.set(row, column, sums.get(row, column));
                }
            }
        });
    }

    private List<Tile> tiles(Heads heads) {
        Chunk chunk = heads.chunk();
        boolean full = algorithm.algorithm() == Attention.Algorithm.FULL;
        int height = full ? chunk.queries() : algorithm.queryTile(chunk.queries());
        int width = full ? chunk.end() : algorithm.keyTile(chunk.end());
        List<Tile> tiles = new ArrayList<>();
        for (int top = chunk.past(); top < chunk.end(); top += height) {
            int bottom = Math.min(top + height, chunk.end());
            for (int first = 0; first < chunk.end(); first += width) {
                int behind = Math.min(first + width, chunk.end());
                boolean masked = first >= bottom || (long) behind + heads.window() <= (long) top + 1;
                if (!masked || !algorithm.skipsMaskedTiles()) {
                    tiles.add(new Tile(top, bottom, first, behind, ArrayTensor.zeros(bottom - top, behind - first)));
                }
            }
        }
        return tiles;
    }

    /** Turns the scores of the query at {@code position}, wherever they are, into weights; those it does not see become 0. */
    private static void softmax(List<Tile> tiles, int position, int from, int until, double sink) {
        List<Tile> own = tiles.stream()
                .filter(tile -> tile.top() <= position && position < tile.bottom())
                .toList();
        double max = sink;
        for (Tile tile : own) {
            for (int key = Math.max(from, tile.first()); key < Math.min(until, tile.behind()); key++) {
                max = Math.max(max, tile.scores().get(position - tile.top(), key - tile.first()));
            }
        }
        double sum = Math.exp(sink - max);
        for (Tile tile : own) {
            for (int key = tile.first(); key < tile.behind(); key++) {
                double score = tile.scores().get(position - tile.top(), key - tile.first());
                double weight = key >= from && key < until ? Math.exp(score - max) : 0;
                tile.scores().set(position - tile.top(), key - tile.first(), weight);
                sum += weight;
            }
        }
        for (Tile tile : own) {
            for (int key = tile.first(); key < tile.behind(); key++) {
                double weight = tile.scores().get(position - tile.top(), key - tile.first());
                tile.scores().set(position - tile.top(), key - tile.first(), weight / sum);
            }
        }
    }

    private static void multiply(ExecutionContext context, Heads heads, Tensor queries, Tensor keys, Tensor scores) {
        MatmulSite site = new MatmulSite(MatmulKind.ATTN_SCORES, heads.layer());
        context.products().multiply(site, queries, keys, Right.TRANSPOSED, scores);
        heads.config()
                .softCap()
                .ifPresent(cap -> context.operator(
                        Operator.SOFTMAX, heads.layer(), () -> new ArrayOperators().softCap(scores, cap)));
    }

    private static void weigh(ExecutionContext context, Heads heads, Tensor weights, Tensor values, Tensor output) {
        MatmulSite site = new MatmulSite(MatmulKind.ATTN_VALUES, heads.layer());
        context.products().multiply(site, weights, values, Right.AS_IS, output);
    }
}
