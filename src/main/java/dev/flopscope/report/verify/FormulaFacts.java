package dev.flopscope.report.verify;

import dev.flopscope.claims.ClaimVerdict;
import dev.flopscope.claims.FormulaCheck;
import dev.flopscope.claims.FormulaCheck.Size;
import dev.flopscope.document.Document.Block;
import dev.flopscope.document.Document.Fact;
import dev.flopscope.document.Document.Facts;
import dev.flopscope.document.Document.Paragraph;
import dev.flopscope.document.Document.Tone;
import dev.flopscope.document.Document.Verdict;
import dev.flopscope.document.Figures;
import dev.flopscope.flops.PhaseAccount;
import dev.flopscope.run.ClaimRun;
import dev.flopscope.run.ClaimRun.Purpose;
import dev.flopscope.run.Verification;
import dev.flopscope.schema.VerifyFile;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** What is said of claims beyond the size that they are about: where a formula holds and breaks, and which passes were executed. */
final class FormulaFacts {
    private FormulaFacts() {}

    /** A line for each claim that there is something to say of; nothing if there is none. */
    static List<Block> of(Verification verification) {
        List<Fact> facts = new ArrayList<>();
        for (ClaimVerdict verdict : verification.claims()) {
            String words = words(verdict, verification.runsOf(verdict));
            if (!words.isEmpty()) {
                facts.add(new Fact(verdict.claim().id(), words));
            }
        }
        List<Block> blocks = new ArrayList<>();
        verification.claimRuns().stream()
                .filter(run -> !run.agrees())
                .map(run -> new Verdict(
                        Tone.BAD,
                        run.claim().claim().id() + " DISAGREES: " + Figures.count(run.countedFlops())
                                + " FLOPs counted " + where(run) + ", " + Figures.count(expected(run))
                                + " by the closed forms"))
                .forEach(blocks::add);
        if (!facts.isEmpty()) {
            blocks.add(new Paragraph("Where the formulas hold, and which passes were executed for the claims:"));
            blocks.add(new Facts(facts));
        }
        return blocks;
    }

    private static String words(ClaimVerdict verdict, List<ClaimRun> runs) {
        List<String> words = new ArrayList<>();
        verdict.formula()
                .flatMap(FormulaCheck::scope)
                .ifPresent(scope -> words.add(
                        scope.equals(FormulaCheck.ALL_SIZES) ? "right at all sizes" : "right where " + scope));
        verdict.formula()
                .flatMap(FormulaCheck::breaks)
                .ifPresent(size -> words.add("breaks first at " + size.words() + ", with " + number(size.claimed())
                        + " for " + number(size.actual())));
        if (!runs.isEmpty()) {
            String agreement = runs.stream().allMatch(ClaimRun::agrees)
                    ? ", and every count is as the closed forms say"
                    : ", and COUNTS DISAGREE with the closed forms";
            words.add("executed "
                    + joined(runs.stream().map(FormulaFacts::where).distinct().toList())
                    + agreement);
        }
        return String.join("; ", words);
    }

    /** {@code a, b, and c}. */
    private static String joined(List<String> places) {
        return places.size() > 2
                ? String.join(", ", places.subList(0, places.size() - 1)) + ", and " + places.get(places.size() - 1)
                : String.join(" and ", places);
    }

    private static String where(ClaimRun run) {
        return switch (run.purpose()) {
            case CLAIMED -> "at the claimed size";
            case BREAKS -> "where it breaks first";
            case TERMS_APART ->
                "at "
                        + String.join(
                                ", ",
                                run.letters().entrySet().stream()
                                        .map(letter -> letter.getKey() + " " + letter.getValue())
                                        .toList());
        };
    }

    private static long expected(ClaimRun run) {
        return run.account().phases().stream().mapToLong(PhaseAccount::flops).sum();
    }

    private static String number(BigDecimal value) {
        return Figures.decimal(value);
    }

    /** The polynomials of a claim that is a formula. */
    static VerifyFile.@Nullable Polynomials polynomials(ClaimVerdict verdict) {
        return verdict.formula()
                .map(check -> new VerifyFile.Polynomials(
                        check.claimed(),
                        check.actual(),
                        check.scope().orElse(null),
                        check.differences(),
                        check.breaks().map(FormulaFacts::size).orElse(null)))
                .orElse(null);
    }

    private static VerifyFile.Size size(Size size) {
        return new VerifyFile.Size(size.letters(), size.claimed(), size.actual());
    }

    /** What was executed for a claim; none if nothing was. */
    static @Nullable List<VerifyFile.Executed> executed(List<ClaimRun> runs) {
        return Optional.of(runs.stream()
                        .map(run -> new VerifyFile.Executed(
                                run.purpose().name().toLowerCase(Locale.ROOT),
                                run.purpose() == Purpose.CLAIMED ? null : run.letters(),
                                run.countedFlops(),
                                expected(run),
                                run.agrees()))
                        .toList())
                .filter(list -> !list.isEmpty())
                .orElse(null);
    }
}
