package dev.flopscope;

import java.util.List;
import java.util.Map;
import java.util.Set;

/** The rooms of the program, as its design lists them. */
final class Rooms {
    /** Every room, bottom to top, and the rooms that it may name. */
    static final List<Map.Entry<String, Set<String>>> ALL = List.of(
            Map.entry("text", Set.of()),
            Map.entry("config", Set.of("text")),
            Map.entry("count", Set.of()),
            Map.entry("schema", Set.of("config", "count", "text")),
            Map.entry("machine", Set.of()),
            Map.entry("flops", Set.of("config", "count")),
            Map.entry("time", Set.of("count")),
            Map.entry("backend", Set.of("config", "count", "machine", "time")),
            Map.entry("backend.cpu.memory", Set.of("machine", "backend")),
            Map.entry("backend.cpu.kernel", Set.of("config", "backend", "backend.cpu.memory")),
            Map.entry("backend.cpu.onednn", Set.of("config", "backend", "backend.cpu.memory", "backend.cpu.kernel")),
            Map.entry(
                    "backend.cpu",
                    Set.of(
                            "config",
                            "count",
                            "machine",
                            "time",
                            "backend",
                            "backend.cpu.memory",
                            "backend.cpu.kernel",
                            "backend.cpu.onednn")),
            Map.entry("observe", Set.of("count", "time", "backend")),
            Map.entry("weights", Set.of("config", "backend")),
            Map.entry("forward", Set.of("config", "count", "time", "backend", "weights")),
            Map.entry("audit", Set.of("count", "flops")),
            Map.entry("claims", Set.of("config", "count", "flops", "audit")),
            Map.entry("profile", Set.of("count", "flops", "machine", "time")),
            Map.entry("ceiling", Set.of("machine", "count", "backend", "profile")),
            Map.entry("compare", Set.of("config", "schema", "profile")),
            Map.entry("sweep", Set.of("config", "flops", "schema", "machine", "profile")),
            Map.entry(
                    "run",
                    Set.of(
                            "config",
                            "count",
                            "machine",
                            "text",
                            "flops",
                            "time",
                            "backend",
                            "backend.cpu",
                            "observe",
                            "weights",
                            "forward",
                            "audit",
                            "claims",
                            "profile",
                            "ceiling",
                            "compare",
                            "sweep")),
            Map.entry("document", Set.of("schema", "machine", "text")),
            Map.entry(
                    "report.record",
                    Set.of("config", "count", "schema", "machine", "flops", "time", "audit", "profile", "run")),
            Map.entry("trace", Set.of("config", "count", "schema", "machine", "flops", "time", "run", "report.record")),
            Map.entry("report.account", Set.of("config", "count", "schema", "flops", "document", "report.record")),
            Map.entry(
                    "report.run",
                    Set.of(
                            "config",
                            "count",
                            "schema",
                            "machine",
                            "flops",
                            "time",
                            "audit",
                            "profile",
                            "run",
                            "document",
                            "report.record",
                            "report.account")),
            Map.entry("report.hardware", Set.of("config", "schema", "machine", "run", "document", "report.record")),
            Map.entry(
                    "report.profile",
                    Set.of(
                            "config",
                            "schema",
                            "machine",
                            "flops",
                            "profile",
                            "run",
                            "document",
                            "report.record",
                            "report.account",
                            "report.run",
                            "report.hardware")),
            Map.entry(
                    "report.sweep",
                    Set.of("config", "schema", "profile", "sweep", "document", "report.record", "report.account")),
            Map.entry("report.compare", Set.of("schema", "compare", "document", "report.record")),
            Map.entry(
                    "report.verify",
                    Set.of(
                            "report.account",
                            "config",
                            "schema",
                            "machine",
                            "flops",
                            "audit",
                            "claims",
                            "profile",
                            "run",
                            "document",
                            "report.record",
                            "report.run")),
            Map.entry(
                    "cli",
                    Set.of(
                            "config",
                            "schema",
                            "machine",
                            "text",
                            "flops",
                            "time",
                            "observe",
                            "claims",
                            "profile",
                            "compare",
                            "sweep",
                            "run",
                            "document",
                            "trace",
                            "report.account",
                            "report.run",
                            "report.hardware",
                            "report.profile",
                            "report.sweep",
                            "report.compare",
                            "report.verify")));

    private Rooms() {}
}
