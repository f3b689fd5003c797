package dev.flopscope.polynomial;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Values of a function along one letter, all others fixed.
 *
 * @param axis the letter and where it was tried
 * @param values the function there
 */
record Line(Axis axis, List<Fraction> values) {
    /** The smallest degree of a polynomial through all values: that of the last divided difference that is not 0. */
    int degree() {
        List<Fraction> differences = dividedDifferences(values.size());
        int degree = differences.size() - 1;
        while (degree > 0 && differences.get(degree).signum() == 0) {
            degree--;
        }
        return degree;
    }

    /** Whether the values are those of one power of the letter, its degree, times a number. */
    boolean isPower() {
        int degree = degree();
        Fraction first = ratio(0, degree);
        for (int i = 1; i < values.size(); i++) {
            if (ratio(i, degree).compareTo(first) != 0) {
                return false;
            }
        }
        return true;
    }

    private Fraction ratio(int i, int degree) {
        return values.get(i).over(Fraction.of(axis.values().get(i)).power(degree));
    }

    /**
     * Where no polynomial of {@code most} degrees goes through the values.
     *
     * @return the first value that is not on the polynomial through those before it, in words; none if there is a polynomial
     */
    Optional<String> broken(int most) {
        if (degree() <= most) {
            return Optional.empty();
        }
        // The shortest run of values that a polynomial of degree 2 explains tells most: a pass has T² and no T³.
        for (int i = most; i < values.size(); i++) {
            Fraction predicted = predicted(i);
            if (predicted.compareTo(values.get(i)) != 0) {
                return Optional.of("at " + axis.letter() + " " + axis.values().get(i) + " it is "
                        + values.get(i).decimal().toPlainString() + ", where the polynomial through "
                        + axis.letter() + " " + axis.values().get(0) + " to "
                        + axis.values().get(i - 1) + " has "
                        + predicted.decimal().toPlainString());
            }
        }
        return Optional.of("it is no polynomial in " + axis.letter());
    }

    /** What the polynomial through the first {@code count} values has at the next one, by Newton's form. */
    private Fraction predicted(int count) {
        List<Fraction> differences = dividedDifferences(count);
        int at = axis.values().get(count);
        Fraction sum = Fraction.ZERO;
        Fraction product = Fraction.ONE;
        for (int i = 0; i < count; i++) {
            sum = sum.plus(differences.get(i).times(product));
            product = product.times(at - axis.values().get(i));
        }
        return sum;
    }

    /** f[x₀], f[x₀,x₁], … of the first {@code count} values. */
    private List<Fraction> dividedDifferences(int count) {
        List<Fraction> column = new ArrayList<>(values.subList(0, count));
        List<Fraction> first = new ArrayList<>();
        for (int order = 0; order < count; order++) {
            first.add(column.get(0));
            List<Fraction> next = new ArrayList<>();
            for (int i = 0; i + 1 < column.size(); i++) {
                int span = axis.values().get(i + order + 1) - axis.values().get(i);
                next.add(column.get(i + 1).minus(column.get(i)).over(span));
            }
            column = next;
        }
        return first;
    }
}
