package dev.flopscope.report.run;

import dev.flopscope.document.Document;
import dev.flopscope.document.Document.Block;
import dev.flopscope.document.Document.Tone;
import dev.flopscope.document.Document.Verdict;
import dev.flopscope.document.Figures;
import dev.flopscope.observe.Proof;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** What is said of proven products. */
final class ProofWords {
    private ProofWords() {}

    /** One sentence, and a line for each of the first products that do not hold. */
    static List<Block> verdicts(Proof proof) {
        List<Block> verdicts = new ArrayList<>();
        verdicts.add(new Verdict(proof.holds() ? Tone.GOOD : Tone.BAD, proof.holds() ? proven(proof) : refuted(proof)));
        verdicts.addAll(Document.verdicts(Tone.BAD, proof.failures()));
        return verdicts;
    }

    private static String proven(Proof proof) {
        return String.format(
                        Locale.ROOT,
                        "PROVEN: %s products by %s of their rows, largest deviation %.3f of its bound; an entry there off by"
                                + " %.1g of a typical one would have been noticed",
                        Figures.count(proof.products()),
                        proof.share() == 1 ? "all" : Figures.percent(proof.share()),
                        proof.largestDeviation(),
                        proof.visible())
                + (proof.unproven() == 0
                        ? "."
                        : "; " + Figures.count(proof.unproven()) + " products could not be checked.");
    }

    private static String refuted(Proof proof) {
        return "NOT PROVEN: " + Figures.count(proof.failed()) + " of " + Figures.count(proof.products())
                + " products do not hold.";
    }
}
