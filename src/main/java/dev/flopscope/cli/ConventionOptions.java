package dev.flopscope.cli;

import dev.flopscope.config.Attention;
import dev.flopscope.config.Attention.Algorithm;
import dev.flopscope.config.LogitsRows;
import dev.flopscope.convention.NamedConvention;
import dev.flopscope.convention.NamedConventions;
import dev.flopscope.document.Report;
import dev.flopscope.flops.Account;
import dev.flopscope.report.account.BridgeReport;
import dev.flopscope.report.account.ConventionReport;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;
import picocli.CommandLine.TypeConversionException;

/** {@code --convention} and {@code --bridge}: other ways to count than ours. */
final class ConventionOptions {
    private static final String ALL = "all";

    @Option(
            names = "--convention",
            paramLabel = "NAME",
            split = ",",
            description =
                    "The prompt by another convention, or by several, or by all: flopscope (ours), multiply-adds, 2k-1,"
                            + " causal-halved, causal-triangle, masked, head-last, embedding-product, elementwise, all-experts,"
                            + " kaplan, 2nt, 2nt-embeddings; of training: backward, 6nt, 6nt-embeddings, palm, megatron, verl.")
    private List<String> conventions = new ArrayList<>();

    @Option(
            names = "--bridge",
            paramLabel = "A:B",
            description = "How the total of convention A becomes that of convention B, a line a term.")
    private @Nullable String bridge;

    /** Whether either was asked for. */
    boolean isGiven() {
        return bridge != null || !conventions.isEmpty();
    }

    /**
     * Checks that there is one meaning to what was asked for.
     *
     * @throws TypeConversionException if a name is unknown, or if the options exclude each other
     */
    void check(PhaseOptions phases, Attention attention) {
        if (bridge != null && !conventions.isEmpty()) {
            throw new TypeConversionException("--convention and --bridge exclude each other");
        }
        boolean whole = phases.decode().isEmpty()
                && phases.chunk().isEmpty()
                && phases.logits() == LogitsRows.ALL
                && attention.algorithm() != Algorithm.CAUSAL;
        if (isGiven() && !whole) {
            throw new TypeConversionException(
                    "--convention and --bridge are of a whole prompt with dense attention: leave"
                            + " out --decode, --chunk, --logits and --attention causal");
        }
        ofBridge();
        named();
    }

    /** What to show of {@code accounts}, if it is conventions. */
    Optional<Report> report(List<Account> accounts) {
        if (bridge != null) {
            List<NamedConvention> ends = ofBridge();
            return Optional.of(new BridgeReport(accounts, ends.get(0), ends.get(1)));
        }
        return conventions.isEmpty() ? Optional.empty() : Optional.of(new ConventionReport(accounts, named()));
    }

    private List<NamedConvention> named() {
        return conventions.contains(ALL)
                ? NamedConventions.all()
                : conventions.stream().distinct().map(ConventionOptions::find).toList();
    }

    private List<NamedConvention> ofBridge() {
        if (bridge == null) {
            return List.of();
        }
        List<String> ends = List.of(bridge.split(":", -1));
        if (ends.size() != 2) {
            throw new TypeConversionException(
                    "--bridge must be two conventions, such as flopscope:megatron: " + bridge);
        }
        return ends.stream().map(ConventionOptions::find).toList();
    }

    private static NamedConvention find(String name) {
        return NamedConventions.find(name)
                .orElseThrow(() -> new TypeConversionException("unknown convention '" + name + "'; there are "
                        + NamedConventions.all().stream()
                                .map(NamedConvention::name)
                                .collect(Collectors.joining(", "))));
    }
}
