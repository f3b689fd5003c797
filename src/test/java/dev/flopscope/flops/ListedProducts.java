package dev.flopscope.flops;

import dev.flopscope.config.Attention;
import dev.flopscope.config.Attention.Algorithm;
import dev.flopscope.config.AttentionConfig;
import dev.flopscope.config.BlockConfig;
import dev.flopscope.config.FeedForwardConfig;
import dev.flopscope.config.LogitsRows;
import dev.flopscope.config.ModelConfig;
import dev.flopscope.config.Phase;
import java.util.Map;
import java.util.TreeMap;

/**
 * Every product of a phase, one after the other, as a pass does them: loops and additions, no closed form. It walks through
 * chunks, heads, tiles and positions by itself and shares nothing with what it is held against.
 */
public final class ListedProducts {
    private final ModelConfig model;
    private final Phase phase;
    private final Attention attention;

    /** Calls by site, such as {@code layers.0.q_proj}, and shape, such as {@code 2×3×5}. */
    public final Map<String, Map<String, Long>> calls = new TreeMap<>();

    /** FLOPs by site. */
    final Map<String, Long> flops = new TreeMap<>();

    /** Scores computed for one head of one sequence, by layer. */
    final Map<Integer, Long> scores = new TreeMap<>();

    /** FLOPs of all products. */
    long allFlops;

    /** Elements that products read and write, each once, in bytes of float32. */
    long allBytes;

    /** FLOPs of the scores and weighted values that are not masked. */
    long usefulFlops;

    /** Lists them. */
    public ListedProducts(ModelConfig model, Phase phase, Attention attention) {
        this.model = model;
        this.phase = phase;
        this.attention = attention;
        int cached = phase.past();
        int left = phase.tokens();
        while (left > 0) {
            int queries = left < phase.queries() ? left : phase.queries();
            left -= queries;
            addPass(cached, queries, left == 0);
            cached += queries;
        }
    }

    private void addPass(int past, int queries, boolean last) {
        long rows = 0;
        for (int sequence = 0; sequence < phase.batch(); sequence++) {
            rows += queries;
        }
        for (int layer = 0; layer < model.blocks().size(); layer++) {
            BlockConfig block = model.blocks().get(layer);
            AttentionConfig heads = block.attention();
            String site = "layers." + layer + ".";
            long wide = (long) heads.numHeads() * heads.headDim();
            long narrow = (long) heads.numKvHeads() * heads.headDim();
            add(site + "q_proj", rows, model.dModel(), wide);
            add(site + "k_proj", rows, model.dModel(), narrow);
            add(site + "v_proj", rows, model.dModel(), narrow);
            addAttention(layer, heads, past, queries);
            add(site + "o_proj", rows, wide, model.dModel());
            long inner = block.feedForward().width();
            if (block.feedForward() instanceof FeedForwardConfig.Gated) {
                add(site + "ffn_gate", rows, model.dModel(), inner);
            }
            add(site + "ffn_up", rows, model.dModel(), inner);
            add(site + "ffn_down", rows, inner, model.dModel());
        }
        if (phase.logits() == LogitsRows.ALL) {
            add("lm_head", rows, model.dModel(), model.vocabSize());
        } else if (last) {
            add("lm_head", phase.batch(), model.dModel(), model.vocabSize());
        }
    }

    private void addAttention(int layer, AttentionConfig heads, int past, int queries) {
        int window = heads.window().orElse(Integer.MAX_VALUE);
        long ofOneHead = 0;
        for (int sequence = 0; sequence < phase.batch(); sequence++) {
            if (queries == 1) {
                ofOneHead = visible(past, past, 0, past + 1, window);
                for (int head = 0; head < heads.numKvHeads(); head++) {
                    addScores(layer, heads.numHeads() / heads.numKvHeads(), ofOneHead, heads.headDim());
                }
            } else {
                for (int head = 0; head < heads.numHeads(); head++) {
                    ofOneHead = addTiles(layer, past, queries, window, heads.headDim());
                }
            }
            for (int head = 0; head < heads.numHeads(); head++) {
                usefulFlops += 4 * visible(past, past + queries - 1, 0, past + queries, window) * heads.headDim();
            }
        }
        scores.merge(layer, ofOneHead, Long::sum);
    }

    private long addTiles(int layer, int past, int queries, int window, int headDim) {
        int end = past + queries;
        boolean whole = attention.algorithm() == Algorithm.FULL;
        int tallest = whole ? queries : attention.queryTile();
        int widest = whole ? end : attention.keyTile();
        long computed = 0;
        for (int top = past; top < end; top += tallest) {
            int bottom = top + tallest < end ? top + tallest : end;
            for (int first = 0; first < end; first += widest) {
                int behind = first + widest < end ? first + widest : end;
                boolean skipped = attention.algorithm() == Algorithm.CAUSAL
                        && visible(top, bottom - 1, first, behind, window) == 0;
                if (!skipped) {
                    addScores(layer, bottom - top, behind - first, headDim);
                    computed += (long) (bottom - top) * (behind - first);
                }
            }
        }
        return computed;
    }

    /** How many pairs of a query at {@code top} to {@code bottom} and a key before {@code behind} the masks leave. */
    private static long visible(int top, int bottom, int first, int behind, int window) {
        long pairs = 0;
        for (int position = top; position <= bottom; position++) {
            for (int key = first; key < behind; key++) {
                if (key <= position && position - key < window) {
                    pairs++;
                }
            }
        }
        return pairs;
    }

    private void addScores(int layer, long rows, long columns, long headDim) {
        add("layers." + layer + ".attn_scores", rows, headDim, columns);
        add("layers." + layer + ".attn_values", rows, columns, headDim);
    }

    private void add(String site, long m, long k, long n) {
        long done = 2 * m * k * n;
        calls.computeIfAbsent(site, unused -> new TreeMap<>()).merge(m + "×" + k + "×" + n, 1L, Long::sum);
        flops.merge(site, done, Long::sum);
        allFlops += done;
        allBytes += 4 * (m * k + k * n + m * n);
    }
}
