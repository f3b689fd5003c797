package dev.flopscope.audit;

import dev.flopscope.count.MatmulKind;
import dev.flopscope.flops.ProductForm;
import dev.flopscope.polynomial.Formula;
import dev.flopscope.polynomial.Fraction;
import dev.flopscope.polynomial.Polynomial;
import dev.flopscope.polynomial.Recovery;
import dev.flopscope.polynomial.Recovery.Recovered;
import java.math.BigDecimal;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A polynomial that was recovered from counts held against the closed form: as polynomials, letter by letter, and as numbers at
 * the model's own size.
 *
 * @param kind the kind of product
 * @param formula the closed form of all layers in letters, as accounts print it
 * @param closedForm the same multiplied out; empty if it is no polynomial
 * @param expected FLOPs of all layers by the closed form at the model's size
 * @param found what was recovered
 * @param predicted what the recovered polynomial has at the model's size; empty if there is none
 */
public record FormCheck(
        MatmulKind kind,
        String formula,
        Optional<Polynomial> closedForm,
        long expected,
        Recovery found,
        Optional<BigDecimal> predicted) {
    /** What formulas of decoded tokens call the positions that all of them see together. */
    private static final String POSITIONS = "S";

    private static final List<String> LETTERS = List.of(
            "B", "T", "G", "L", "D", "H", "K", "d", "F", "F_s", "E", "k", "V", "R_q", "R", "d_r", "d_v", "w",
            POSITIONS);

    /** G·T + G·(G+1)/2. */
    private static final Polynomial SEEN = polynomial("G*T+G*(G+1)/2").orElseThrow();

    /**
     * Holds what was recovered against a closed form.
     *
     * @param form the closed form of one layer
     * @param layers how many layers have it
     * @param found what was recovered for all layers
     * @param sizes the model's extents by their letters
     */
    public static FormCheck of(ProductForm form, int layers, Recovery found, Map<String, Long> sizes) {
        String formula = form.kind().inEveryLayer() ? form.formula() + "·L" : form.formula();
        Map<String, Fraction> values = new HashMap<>();
        sizes.forEach((letter, size) -> values.put(letter, Fraction.of(size)));
        return new FormCheck(
                form.kind(),
                formula,
                polynomial(formula).map(polynomial -> polynomial.with(POSITIONS, SEEN)),
                Math.multiplyExact(form.flops(), layers),
                found,
                found instanceof Recovered recovered
                        ? Optional.of(recovered.polynomial().value(values).decimal())
                        : Optional.empty());
    }

    private static Optional<Polynomial> polynomial(String formula) {
        try {
            return Formula.parse(formula, LETTERS).polynomial();
        } catch (IllegalArgumentException e) {
            // Such as S(R,C), which stands for a sum over tiles.
            return Optional.empty();
        }
    }

    /** Whether there is a polynomial, it is the closed form, and it has the closed form's value at the model's size. */
    public boolean agrees() {
        return found instanceof Recovered recovered
                && closedForm.filter(recovered.polynomial()::equals).isPresent()
                && predicted
                        .filter(value -> value.compareTo(BigDecimal.valueOf(expected)) == 0)
                        .isPresent();
    }

    /** Whether neither is a polynomial: the counts are none, and the closed form does not say that they are. */
    public boolean isNoPolynomial() {
        return closedForm.isEmpty() && !(found instanceof Recovered);
    }
}
