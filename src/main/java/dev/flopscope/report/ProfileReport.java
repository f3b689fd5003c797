package dev.flopscope.report;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.flopscope.machine.ShapeClass;
import dev.flopscope.profile.Grouping;
import dev.flopscope.profile.Hotspot;
import dev.flopscope.profile.Profile;
import dev.flopscope.run.DecodeProfile;
import dev.flopscope.run.ProfileResult;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/**
 * A profile: hotspots, roofline, where the time goes, and every raw sample in JSON; of the pass, and of tokens decoded after
 * it.
 */
public final class ProfileReport implements Report {
    private static final double NANOSECONDS = 1e9;

    private final ProfileResult result;
    private final Grouping grouping;
    private final int top;

    /**
     * Reports {@code result}.
     *
     * @param grouping what tables and CSV take together
     * @param top rows of a table at most
     */
    public ProfileReport(ProfileResult result, Grouping grouping, int top) {
        this.result = result;
        this.grouping = grouping;
        this.top = top;
    }

    @Override
    public Document document() {
        return new ProfileDocument(result, grouping, top).document();
    }

    @Override
    public Page page() {
        return new ProfilePage(result, grouping).page();
    }

    @Override
    public CsvRows rows() {
        List<List<Object>> rows = new ArrayList<>();
        result.profile().ranked(grouping).forEach(spot -> rows.add(row("prefill", spot, result.profile())));
        result.decode()
                .map(DecodeProfile::profile)
                .ifPresent(decode -> decode.ranked(grouping).forEach(spot -> rows.add(row("decode", spot, decode))));
        return new CsvRows(
                List.of(
                        "model",
                        "batch",
                        "context",
                        "product",
                        "calls",
                        "flops",
                        "bytes",
                        "seconds",
                        "interquartile_range_seconds",
                        "gflops_per_second",
                        "ceiling_gflops_per_second",
                        "excess_seconds",
                        "share_of_time",
                        "share_of_flops",
                        "intensity",
                        "roofline_gflops_per_second",
                        "share_of_roofline",
                        "bound",
                        "shape_classes",
                        "phase"),
                rows);
    }

    private List<Object> row(String phase, Hotspot spot, Profile profile) {
        return List.of(
                result.account().model().name(),
                result.account().batch(),
                result.account().context(),
                spot.products().name(),
                spot.products().calls(),
                spot.products().flops(),
                spot.products().bytes(),
                spot.seconds(),
                spot.products().time().interquartileRange() / NANOSECONDS,
                spot.products().gflopsPerSecond(),
                spot.ceilingGflopsPerSecond(),
                spot.excessSeconds(),
                profile.shareOfTime(spot.products()),
                profile.shareOfFlops(spot.products()),
                spot.products().intensity(),
                spot.rooflineGflopsPerSecond(),
                spot.rooflineShare(),
                spot.bound().label(),
                classes(spot),
                phase);
    }

    /** The classes of a hotspot's shapes, joined by a plus sign. */
    static String classes(Hotspot spot) {
        return spot.shapeClasses().stream().map(ShapeClass::label).collect(Collectors.joining("+"));
    }

    @Override
    public ObjectNode json() {
        return new ProfileJson(result).json();
    }
}
