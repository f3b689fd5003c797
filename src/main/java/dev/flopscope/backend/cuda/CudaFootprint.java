package dev.flopscope.backend.cuda;

import dev.flopscope.backend.Footprint;
import dev.flopscope.config.Attention;
import dev.flopscope.config.Attention.Algorithm;
import dev.flopscope.config.AttentionConfig;
import dev.flopscope.config.Phase;
import java.util.Collection;
import java.util.List;

/**
 * What a run takes of a GPU's memory. It is held against what is free after the context, the workspace of cuBLAS and the
 * kernels have been made, so that these are not in it. More heads at once are computed only where there is room.
 */
public record CudaFootprint() implements Footprint {
    private static final long FLOAT = Float.BYTES;
    /** Small arrays that kernels read, the kernels themselves, and what the driver rounds allocations up by. */
    private static final long PROCESS = 128L << 20;
    /** The driver hands out memory in pieces of so many bytes. */
    private static final long PIECE = 512;

    private static final int ROWS_OF_ONE_COLUMN = 3;

    @Override
    public long process() {
        return PROCESS;
    }

    @Override
    public long loadingProcess() {
        return process();
    }

    @Override
    public long heap(long bytes) {
        return 0;
    }

    @Override
    public long table(long rows, long columns) {
        long bytes = Math.multiplyExact(FLOAT, Math.multiplyExact(rows, columns));
        return Math.multiplyExact(PIECE, Math.addExact(bytes, PIECE - 1) / PIECE);
    }

    @Override
    public long weight(long rows, long columns) {
        return table(rows, columns);
    }

    @Override
    public long packing(long rows, long columns) {
        return 0;
    }

    @Override
    public long gatheredRows(long columns) {
        return 0;
    }

    @Override
    public long objects(long weights, long tables) {
        return 0;
    }

    @Override
    public long scratch(Attention attention, Collection<AttentionConfig> heads, List<Phase> phases) {
        long queries = Footprint.most(phases, Phase::queries);
        long positions = Footprint.most(phases, Phase::end);
        long one = Math.multiplyExact(
                positions,
                heads.stream().mapToLong(AttentionConfig::numHeads).max().orElse(0));
        long angles = heads.stream()
                .mapToLong(each -> each.rotary().isEmpty() ? 0 : Math.multiplyExact(positions, each.headDim()))
                .sum();
        long valueDim =
                heads.stream().mapToLong(AttentionConfig::valueDim).max().orElse(0);
        long tile = attention.algorithm() == Algorithm.FULL
                ? 0
                : Math.multiplyExact(
                        attention.queryTile((int) queries),
                        attention.keyTile((int) positions) + 2 * valueDim + ROWS_OF_ONE_COLUMN);
        return Math.multiplyExact(FLOAT, Math.addExact(Math.addExact(one, angles), tile));
    }

    @Override
    public long views(Attention attention, Collection<AttentionConfig> heads, List<Phase> phases) {
        return 0;
    }

    @Override
    public long library(List<Phase> phases, long keyWidth, boolean experts) {
        return 0;
    }
}
