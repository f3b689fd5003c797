package dev.flopscope.claims;

import static org.assertj.core.api.Assertions.assertThat;

import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Supplier;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Plants each slip alone, and every two together, in a count by hand, claims what comes out, and asks for the reason. */
class ExplanationsTest {
    private static final List<Slip> SLIPS = Slip.all();

    /** A model, its count by hand, and what can be claimed of it. */
    private record Case(String model, Supplier<PaperCount> paper, String quantity) {
        @Override
        public String toString() {
            return quantity + " of " + model;
        }

        BigDecimal with(Slip... slips) {
            PaperCount count = paper.get();
            for (Slip slip : slips) {
                slip.plant().accept(count);
            }
            return Objects.requireNonNull(count.quantities().get(quantity));
        }

        ClaimVerdict judge(BigDecimal claimed) {
            String line = String.join(
                    ",", "a", model, String.valueOf(PaperCount.T), quantity, claimed.toPlainString(), "exact", "");
            return ClaimsTesting.check(line).get(0);
        }

        /** The names of all slips, alone and two together, that give each value other than the actual one. */
        Map<BigDecimal, Set<String>> singles() {
            Map<BigDecimal, Set<String>> names = new TreeMap<>();
            SLIPS.forEach(slip ->
                    names.computeIfAbsent(with(slip), value -> new HashSet<>()).add(slip.name()));
            names.remove(with());
            return names;
        }

        Map<BigDecimal, Set<String>> pairs() {
            Map<BigDecimal, Set<String>> names = new TreeMap<>();
            for (Slip first : SLIPS) {
                for (Slip later : SLIPS) {
                    if (first.subject() < later.subject()) {
                        names.computeIfAbsent(with(first, later), value -> new HashSet<>())
                                .addAll(List.of(
                                        first.name() + " together with " + later.name(),
                                        later.name() + " together with " + first.name()));
                    }
                }
            }
            return names;
        }
    }

    static List<Case> cases() {
        List<Case> cases = new ArrayList<>();
        for (String quantity : PaperCount.grouped().quantities().keySet()) {
            cases.add(new Case("grouped", PaperCount::grouped, quantity));
            cases.add(new Case("plain", PaperCount::plain, quantity));
        }
        return cases;
    }

    @ParameterizedTest
    @MethodSource("cases")
    void countByHandWithoutASlipIsTheActualNumber(Case one) {
        assertThat(one.judge(one.with()).verdict()).isEqualTo(Verdict.HOLDS);
    }

    @ParameterizedTest
    @MethodSource("cases")
    void everySlipIsNamedWhereItAloneIsPlanted(Case one) {
        one.singles().forEach((claimed, names) -> {
            List<String> explanations = one.judge(claimed).explanations();
            Set<String> common = new HashSet<>(names);
            common.removeIf(name -> SLIPS.stream()
                    .noneMatch(slip -> slip.common() && slip.name().equals(name)));
            Set<String> simplest = common.isEmpty() ? names : common;

            assertThat(simplest).as(claimed + " " + explanations).containsAll(explanations);
            assertThat(explanations).as(names.toString()).hasSize(Math.min(3, simplest.size()));
        });
    }

    @ParameterizedTest
    @MethodSource("cases")
    void everyTwoCommonSlipsAreNamedWhereNoOneGivesTheSame(Case one) {
        Map<BigDecimal, Set<String>> singles = one.singles();
        Map<BigDecimal, Set<String>> pairs = one.pairs();
        for (Slip first : SLIPS) {
            for (Slip later : SLIPS) {
                if (first.subject() >= later.subject() || !first.common() || !later.common()) {
                    continue;
                }
                BigDecimal claimed = one.with(first, later);
                if (claimed.compareTo(one.with()) != 0 && !singles.containsKey(claimed)) {
                    List<String> explanations = one.judge(claimed).explanations();
                    assertThat(explanations)
                            .as(first.name() + " & " + later.name())
                            .isNotEmpty();
                    assertThat(pairs.get(claimed)).containsAll(explanations);
                }
            }
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "attention products halved for causality | 6·N·T (training) with all parameters and with attention products",
                "query heads taken for key/value heads (grouping ignored) | 6·N·T (training) with all parameters but the embedding's and without attention products",
                "head width taken as D/H in attention products | 2·N·T with the blocks' parameters and with attention products",
                "two feed-forward products counted, where the model has three | feed-forward width taken as 4·D",
                "LM head left out | blocks taken as 12·D² parameters (four projections of D×D, two feed-forward products of 4·D×D)",
            })
    void commonSlipIsFoundTogetherWithARareOne(String first, String second) {
        Case one = new Case("grouped", PaperCount::grouped, "total");
        List<Slip> slips = SLIPS.stream()
                .filter(slip -> slip.name().equals(first) || slip.name().equals(second))
                .toList();

        assertThat(one.judge(one.with(planted(slips))).explanations())
                .anySatisfy(name -> assertThat(name).contains(first, " together with ", second));
    }

    private static Slip[] planted(List<Slip> slips) {
        return slips.stream().sorted(Comparator.comparingInt(Slip::subject)).toArray(Slip[]::new);
    }

    @ParameterizedTest
    @ValueSource(strings = {"exact", "9 digits", "4 digits"})
    void numberThatNothingGivesIsNotExplained(String precision) {
        int explained = 0;
        for (int times = 11; times < 40; times++) {
            BigDecimal claimed = new BigDecimal("1.0373e8").multiply(new BigDecimal(times));
            Precision digits = precision.equals("exact")
                    ? new Precision.Exact()
                    : new Precision.Digits(Integer.parseInt(precision.substring(0, 1)));
            Claim claim = new Claim("a", 1, "a", "gpt2-xl", 1024, "total", claimed.toPlainString(), digits, List.of());
            explained += new ClaimsChecker(ClaimsTesting::account)
                    .check(List.of(claim))
                    .get(0)
                    .explanations()
                    .size();
        }
        assertThat(explained).isZero();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "a multiply-add counted as 1 | - | 1",
                "FLOPs doubled as if they were multiply-adds | - | 3",
                "attention products halved for causality | backward pass counted too (three times the forward pass) | 4",
                "LM head left out | FLOPs doubled as if they were multiply-adds | 6",
                "output projection left out | FLOPs doubled as if they were multiply-adds | 6",
            })
    void conventionsNeedEnoughDigitsToBeSeen(String first, String second, int digits) {
        BigDecimal claimed = new Case("grouped", PaperCount::grouped, "total")
                .with(planted(SLIPS.stream()
                        .filter(slip -> List.of(first, second).contains(slip.name()))
                        .toList()));

        assertThat(explanations(claimed, digits))
                .anySatisfy(name -> assertThat(name).contains(first, second.equals("-") ? "" : second));
        if (digits > 1) {
            assertThat(explanations(claimed, digits - 1)).noneMatch(name -> name.contains(first));
        }
    }

    private static List<String> explanations(BigDecimal claimed, int digits) {
        BigDecimal rounded = new Precision.Digits(digits).rounded(claimed);
        return ClaimsTesting.check(String.join(
                        ",",
                        "a",
                        "grouped",
                        String.valueOf(PaperCount.T),
                        "total",
                        rounded.toPlainString(),
                        digits + " digits",
                        ""))
                .get(0)
                .explanations();
    }
}
