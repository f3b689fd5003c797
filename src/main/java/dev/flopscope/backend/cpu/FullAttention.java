package dev.flopscope.backend.cpu;

import dev.flopscope.backend.cpu.FullAttention.Plan;
import dev.flopscope.backend.cpu.kernel.CpuOperators;
import dev.flopscope.backend.cpu.memory.Block;
import dev.flopscope.backend.cpu.memory.Matrix;
import dev.flopscope.config.AttentionConfig;
import java.util.ArrayList;
import java.util.List;

/**
 * One head after the other, its scores whole: one product for the scores and one for the values, each on all threads.
 *
 * <p>Only one head's scores exist at a time, so memory grows with T², not with H·T².
 */
final class FullAttention extends PlannedAttention<Plan> {
    private final Matrix scores;
    private final CpuOperators operators;

    /** Operands of one head's products. {@code keys} and {@code values} may serve several heads. */
    private record Head(int number, Block queries, Block keys, Block values, Block output) {}

    /** One head's scores, (queries, positions), and all heads. */
    record Plan(Matrix scores, List<Head> heads) {}

    /**
     * Makes no buffers.
     *
     * @param scores room for the scores of one head
     */
    FullAttention(Matrix scores, CpuOperators operators) {
        this.scores = scores;
        this.operators = operators;
    }

    @Override
    Plan plan(Operands operands) {
        AttentionConfig config = operands.heads();
        int d = config.headDim();
        int width = config.valueDim();
        int queries = operands.chunk().queries();
        int positions = operands.chunk().end();
        List<Head> heads = new ArrayList<>();
        for (int sequence = 0; sequence < operands.chunk().batch(); sequence++) {
            long row = operands.firstRow(sequence);
            for (int head = 0; head < config.numHeads(); head++) {
                int shared = head / config.headsPerKeyValue();
                heads.add(new Head(
                        head,
                        operands.queries().block(row, queries, (long) head * d, d),
                        operands.keys(sequence, shared, 0, positions),
                        operands.values(sequence, shared, 0, positions),
                        operands.output().block(row, queries, (long) head * width, width)));
            }
        }
        return new Plan(scores.view(queries, positions), heads);
    }

    @Override
    void attend(Operands operands, Plan plan, Layer layer) {
        Matrix ofHead = plan.scores();
        int past = operands.chunk().past();
        for (Head head : plan.heads()) {
            layer.score(head.queries(), head.keys(), ofHead);
            layer.softmax(() -> {
                operands.heads().softCap().ifPresent(cap -> operators.softCap(ofHead, cap));
                operators.maskedSoftmax(
                        ofHead, past, operands.window(), layer.sinks().of(head.number()));
            });
            layer.weigh(ofHead, head.values(), head.output());
        }
    }
}
