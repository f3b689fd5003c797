package dev.flopscope.peers;

import dev.flopscope.config.AttentionConfig;
import dev.flopscope.config.ModelConfig;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.function.DoubleUnaryOperator;

/**
 * Cosines and sines of the rotary angles t·θ^(−2i/d), (T, d/2), worked out here a second time from the paper (Su et al.
 * 2021), so that a fault in Flopscope's own table would show.
 */
final class RotaryTables {
    private RotaryTables() {}

    static ByteBuffer cosines(ModelConfig model, int tokens) {
        return table(model, tokens, Math::cos);
    }

    static ByteBuffer sines(ModelConfig model, int tokens) {
        return table(model, tokens, Math::sin);
    }

    private static ByteBuffer table(ModelConfig model, int tokens, DoubleUnaryOperator function) {
        AttentionConfig heads = model.firstBlock().attention();
        int half = heads.headDim() / 2;
        ByteBuffer table = ByteBuffer.allocateDirect(Math.multiplyExact(tokens, half) * Float.BYTES)
                .order(ByteOrder.nativeOrder());
        for (int position = 0; position < tokens; position++) {
            for (int pair = 0; pair < half; pair++) {
                double angle = position / Math.pow(heads.rotary().orElseThrow().theta(), 2.0 * pair / heads.headDim());
                table.putFloat((float) function.applyAsDouble(angle));
            }
        }
        return table.flip();
    }
}
