package dev.flopscope.polynomial;

import static org.assertj.core.api.Assertions.assertThat;

import dev.flopscope.polynomial.Recovery.NotPolynomial;
import dev.flopscope.polynomial.Recovery.Recovered;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.function.ToLongFunction;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class InterpolationTest {
    private static final List<String> LETTERS = List.of("B", "T", "D", "V");
    private static final List<Axis> AXES =
            List.of(Axis.of("B", 1, 1), Axis.of("T", 2, 1), Axis.of("D", 2, 2), Axis.of("V", 5, 1));

    @ParameterizedTest
    @ValueSource(
            strings = {
                "0",
                "7",
                "2*B*T*D",
                "4*B*T^2*D+2*B*T*D*V",
                "T*(T+1)/2*B",
                "B*T^3-V",
                // A factor on the line through the base, where B is 2, and nowhere else.
                "T*D*(B-2)+T*D^2",
                "(B-2)*V+T",
                "(B+T+D)^2*V",
            })
    void polynomialIsRecovered(String formula) {
        Polynomial expected = polynomial(formula);

        Recovery recovery =
                recover(point -> expected.value(fractions(point)).numerator().longValueExact());

        assertThat(recovery).isInstanceOf(Recovered.class);
        assertThat(((Recovered) recovery).polynomial()).isEqualTo(expected);
        assertThat(((Recovered) recovery).checks()).isGreaterThanOrEqualTo(16);
    }

    @Test
    void randomPolynomialIsRecovered() {
        Random random = new Random(7);
        for (int i = 0; i < 12; i++) {
            Map<Monomial, Fraction> terms = new HashMap<>();
            for (int term = 0; term < 4; term++) {
                Map<String, Integer> powers = new HashMap<>();
                LETTERS.forEach(letter -> powers.put(letter, random.nextInt(3)));
                terms.put(new Monomial(powers), Fraction.of(random.nextInt(-5, 6)));
            }
            Polynomial expected = new Polynomial(terms);

            Recovery recovery = recover(
                    point -> expected.value(fractions(point)).numerator().longValueExact());

            assertThat(recovery)
                    .isInstanceOfSatisfying(
                            Recovered.class,
                            found -> assertThat(found.polynomial()).isEqualTo(expected));
        }
    }

    @Test
    void powerAboveTheThirdIsNotRecovered() {
        assertThat(recover(point -> of(point, "T") * of(point, "T") * of(point, "T") * of(point, "T")))
                .isInstanceOfSatisfying(
                        NotPolynomial.class,
                        found -> assertThat(found.reason())
                                .isEqualTo("at T 5 it is 625, where the polynomial through T 2 to 4 has 541"
                                        + " (B 2, D 4, V 6)"));
    }

    @Test
    void functionThatBendsSaysWhere() {
        assertThat(recover(point -> of(point, "B") * Math.min(of(point, "T"), 5)))
                .isInstanceOfSatisfying(
                        NotPolynomial.class,
                        found -> assertThat(found.reason())
                                .isEqualTo("at T 6 it is 10, where the polynomial through T 2 to 5 has 12"
                                        + " (B 2, D 4, V 6)"));
    }

    @Test
    void functionThatBendsOnlyBesideTheLinesIsFound() {
        assertThat(recover(point -> of(point, "B") % 3 == 2 || of(point, "T") % 3 == 0 ? 1 : 2))
                .isInstanceOfSatisfying(
                        NotPolynomial.class,
                        found -> assertThat(found.reason())
                                .startsWith("no polynomial of degree 3 or less in each letter gives the value at B "));
    }

    private static Recovery recover(ToLongFunction<Map<String, Integer>> function) {
        Interpolation<String> interpolation =
                new Interpolation<>(AXES, point -> Map.of("f", Fraction.of(function.applyAsLong(point))));
        return interpolation.recover().getOrDefault("f", new NotPolynomial("missing"));
    }

    private static long of(Map<String, Integer> point, String letter) {
        return point.getOrDefault(letter, 0);
    }

    private static Polynomial polynomial(String formula) {
        return Formula.parse(formula, LETTERS).polynomial().orElseThrow();
    }

    private static Map<String, Fraction> fractions(Map<String, Integer> point) {
        Map<String, Fraction> letters = new HashMap<>();
        point.forEach((letter, value) -> letters.put(letter, Fraction.of(value)));
        return letters;
    }
}
