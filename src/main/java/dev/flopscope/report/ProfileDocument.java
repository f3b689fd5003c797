package dev.flopscope.report;

import dev.flopscope.audit.Reconciliation;
import dev.flopscope.machine.Ceilings;
import dev.flopscope.profile.Grouping;
import dev.flopscope.profile.Profile;
import dev.flopscope.report.Document.Block;
import dev.flopscope.report.Document.Fact;
import dev.flopscope.report.Document.Facts;
import dev.flopscope.report.Document.Paragraph;
import dev.flopscope.report.Document.Table;
import dev.flopscope.run.DecodeProfile;
import dev.flopscope.run.ProfileResult;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** A profile laid out for people, what to look at first at the top. Every table fits 80 columns up to GPT-2 XL. */
final class ProfileDocument {
    private static final double GIGA = 1e9;

    private final ProfileResult result;
    private final Profile profile;
    private final ProfileTables tables;
    private final ProfileWords words;
    private final Optional<DecodeProfileDocument> decode;

    ProfileDocument(ProfileResult result, Grouping grouping, int top) {
        this.result = result;
        this.profile = result.profile();
        this.words = ProfileWords.ofPasses(profile);
        this.tables = new ProfileTables(profile, words, grouping, top);
        this.decode = result.decode().map(decoded -> new DecodeProfileDocument(result, decoded, grouping, top));
    }

    Document document() {
        List<Block> blocks = new ArrayList<>(List.of(facts()));
        words.headlines().forEach(line -> blocks.add(new Paragraph(line)));
        blocks.addAll(List.of(hotspots(), roofline(), products(), tree(), new Paragraph(garbageCollection())));
        decode.ifPresent(decoding -> blocks.addAll(decoding.blocks()));
        blocks.add(new Paragraph("Counted: " + result.account().convention() + "."));
        doubts().forEach(line -> blocks.add(new Paragraph(line)));
        disagreements().forEach(line -> blocks.add(new Paragraph(line)));
        blocks.add(new Paragraph(verdict()));
        return new Document(result.account().model().name() + ", profiled", blocks);
    }

    Facts facts() {
        Ceilings ceilings = profile.ceilings();
        List<Fact> facts = new ArrayList<>(PassFacts.of(result).facts());
        facts.add(new Fact("measured", words.measured()));
        facts.add(new Fact(
                "roofline",
                Figures.rate(ceilings.computeRoof().value()) + " GFLOP/s ("
                        + ceilings.computeRoof().source() + "), "
                        + Figures.rate(ceilings.memoryRoof().value() / GIGA) + " GB/s ("
                        + ceilings.memoryRoof().source() + "), measured before and after"));
        return new Facts(facts);
    }

    Table hotspots() {
        return tables.hotspots("Hotspots: ms beyond what products of that shape take here, most first");
    }

    Table roofline() {
        return tables.roofline("Roofline: least GB to move, FLOPs for each byte, and what they allow");
    }

    Table products() {
        return tables.products("Products of one pass, (m×k)·(k×n), and the middle half's spread in ms");
    }

    Table tree() {
        return tables.tree("The median pass, adding up", "pass");
    }

    String garbageCollection() {
        return "Java's garbage collection took "
                + words.milliseconds(profile.garbageCollection().median())
                + " ms of a pass, inside the lines above.";
    }

    /** What was decoded after the pass, if anything was. */
    Optional<DecodeProfileDocument> decode() {
        return decode;
    }

    /** What must be known before the figures of either phase are believed; mostly nothing. */
    List<String> doubts() {
        List<String> doubts = new ArrayList<>(words.doubts());
        decode.ifPresent(decoding -> doubts.addAll(decoding.doubts()));
        return doubts;
    }

    /** A line for everything in either phase that is not as expected. */
    List<String> disagreements() {
        List<String> lines = new ArrayList<>();
        result.reconciliation().disagreements().forEach(line -> lines.add("DISAGREES: " + line));
        decode.ifPresent(decoding -> lines.addAll(decoding.disagreements()));
        return lines;
    }

    String verdict() {
        Reconciliation reconciliation = result.reconciliation();
        if (result.agrees()) {
            return "AGREES: counted = expected at each of "
                    + Figures.count(reconciliation.sites().size()) + " sites in each of "
                    + profile.repetitions().size() + " passes, calls and shapes included"
                    + decode.map(DecodeProfileDocument::agreed).orElse("") + ": "
                    + Figures.count(reconciliation.countedFlops()) + " FLOPs a pass; "
                    + Figures.count(result.allocatedParameters()) + " parameters allocated = expected.";
        }
        long checks = reconciliation.checks()
                + result.decode().map(DecodeProfile::checks).orElse(0L);
        return "DISAGREES: " + Figures.count(disagreements().size()) + " of " + Figures.count(checks)
                + " checks do not hold.";
    }
}
