package dev.flopscope.schema;

import com.fasterxml.jackson.annotation.JsonUnwrapped;
import java.math.BigDecimal;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The file of {@code fit}.
 *
 * @param envelope its beginning
 * @param model the extents of the model
 * @param attention how attention was computed: {@code full}, {@code tiled} or {@code causal}
 * @param context T, at which formulas are held against each other as numbers
 * @param passes how many small models were executed
 * @param seconds how long that took
 * @param blocks a fit for each different block
 * @param agrees whether every recovered polynomial is its closed form
 */
public record FitFile(
        @JsonUnwrapped Envelope envelope,
        AccountRecord.Model model,
        String attention,
        int context,
        int passes,
        double seconds,
        List<Block> blocks,
        boolean agrees) {
    /**
     * The formulas of the layers of one block.
     *
     * @param layers how many layers are this block
     * @param formulas one a phase and kind, in the order of a pass
     */
    public record Block(int layers, List<Formula> formulas) {}

    /**
     * One formula.
     *
     * @param phase {@code prefill} or {@code decode}
     * @param kind the kind of product
     * @param closedForm the closed form of all layers
     * @param polynomial what was recovered from counts; absent if they are no polynomial
     * @param checks at how many sizes more than were needed the counts are the polynomial's
     * @param notPolynomial where the counts are no polynomial; absent if they are one
     * @param expected FLOPs at the model's size by the closed form
     * @param predicted the same by the recovered polynomial
     * @param agrees whether the two formulas are one
     */
    public record Formula(
            String phase,
            String kind,
            String closedForm,
            @Nullable String polynomial,
            @Nullable Integer checks,
            @Nullable String notPolynomial,
            long expected,
            @Nullable BigDecimal predicted,
            boolean agrees) {}
}
