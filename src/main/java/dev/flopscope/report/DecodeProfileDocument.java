package dev.flopscope.report;

import dev.flopscope.flops.DecodeAccount;
import dev.flopscope.profile.Grouping;
import dev.flopscope.report.Document.Block;
import dev.flopscope.report.Document.Fact;
import dev.flopscope.report.Document.Facts;
import dev.flopscope.report.Document.Paragraph;
import dev.flopscope.report.Document.Table;
import dev.flopscope.run.DecodeProfile;
import dev.flopscope.run.DecodeResult;
import dev.flopscope.run.ProfileResult;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** The part of a profile's document that is about tokens decoded after the pass. */
final class DecodeProfileDocument {
    private final ProfileResult result;
    private final DecodeProfile decode;
    private final DecodeResult typical;
    private final DecodeAccount account;
    private final ProfileWords words;
    private final DecodeWords decodeWords;
    private final ProfileTables tables;

    DecodeProfileDocument(ProfileResult result, DecodeProfile decode, Grouping grouping, int top) {
        this.result = result;
        this.decode = decode;
        this.typical = decode.typical();
        this.account = typical.account();
        this.words = ProfileWords.ofDecoding(decode.profile());
        this.decodeWords = new DecodeWords(typical);
        this.tables = new ProfileTables(decode.profile(), words, grouping, top);
    }

    List<Block> blocks() {
        List<Block> blocks = new ArrayList<>(List.of(facts(), phases()));
        sentences().forEach(line -> blocks.add(new Paragraph(line)));
        blocks.addAll(
                List.of(hotspots(), bandwidth(), products(), tree(), new Paragraph(method()), new Paragraph(text())));
        return blocks;
    }

    Facts facts() {
        List<Fact> facts = new ArrayList<>(PhaseTables.facts(account).facts());
        facts.add(new Fact("measured", words.measured()));
        return new Facts(facts);
    }

    Table phases() {
        return PhaseTables.measured(account, result.profile().wall().median(), result.reconciliation(), typical);
    }

    /** Why decoding is as fast as it is, and where its time goes. */
    List<String> sentences() {
        List<String> sentences = new ArrayList<>(List.of(decodeWords.limit()));
        words.headlines()
                .forEach(line -> sentences.add(
                        "Decoding, " + line.substring(0, 1).toLowerCase(Locale.ROOT) + line.substring(1)));
        return sentences;
    }

    Table hotspots() {
        return tables.hotspots("Decoding " + tokens() + ", hotspots: ms beyond what is to expect here, most first");
    }

    Table bandwidth() {
        return tables.bandwidth("Decoding, roofline: least GB to move, and how fast beside memory's GB/s");
    }

    Table products() {
        return tables.products("Products of decoding " + tokens() + ", and the middle half's spread in ms");
    }

    Table tree() {
        return tables.tree("The median decoding, adding up", "decoding");
    }

    private String tokens() {
        return Figures.count(account.tokens()) + (account.tokens() == 1 ? " token" : " tokens");
    }

    /** What was decoded. */
    String text() {
        return decodeWords.tokens();
    }

    /** How ceilings are to be read here. */
    String method() {
        return typical.fromCaches()
                ? "In decoding, the caches hold all weights from one token to the next, and what they could deliver was not"
                        + " measured: ceilings there are those of compute."
                : "In decoding, a product's ceiling is the lower of what its class reaches and of what its bytes allow, at"
                        + " the rate at which the vector product moves them, since all weights come from memory for each"
                        + " token.";
    }

    /** What must be known before the figures are believed. */
    List<String> doubts() {
        return words.doubts();
    }

    /** A line for everything that is not as expected. */
    List<String> disagreements() {
        return DecodeWords.disagreements(decode.disagreements());
    }

    /** For the verdict of the whole: what else was held against closed forms. */
    String agreed() {
        return " (and at each of "
                + Figures.count(typical.reconciliation().sites().size()) + " in each of "
                + words.repetitions(decode.results().size()) + ", "
                + Figures.count(typical.reconciliation().countedFlops()) + " FLOPs)";
    }
}
