package dev.flopscope.report;

import dev.flopscope.machine.Ceilings;
import dev.flopscope.machine.ProductCeiling;
import dev.flopscope.machine.Rate;
import dev.flopscope.report.Document.Column;
import dev.flopscope.report.Document.Table;
import java.util.ArrayList;
import java.util.List;

/** Every rate that was measured with one number of threads, a row each. */
final class CeilingsTable {
    private static final double GIGA = 1e9;

    private CeilingsTable() {}

    static Table of(Ceilings ceilings) {
        List<List<String>> rows = new ArrayList<>();
        rows.add(row("multiply-adds", "", "GFLOP/s", ceilings.fusedMultiplyAdd(), 1));
        for (ProductCeiling product : ceilings.products()) {
            String shape = product.m() + "×" + product.k() + "×" + product.n();
            rows.add(row(product.shapeClass().label() + " products", shape, "GFLOP/s", product.gflopsPerSecond(), 1));
        }
        rows.add(row("read", "", "GB/s", ceilings.memory().read(), GIGA));
        rows.add(row("write", "", "GB/s", ceilings.memory().write(), GIGA));
        rows.add(row("triad", "", "GB/s", ceilings.memory().triad(), GIGA));
        return new Table(
                "Ceilings with as many threads",
                List.of(
                        Column.text("ceiling"),
                        Column.text("shape"),
                        Column.text("unit"),
                        Column.number("median"),
                        Column.number("best"),
                        Column.number("samples")),
                rows);
    }

    private static List<String> row(String name, String shape, String unit, Rate rate, double scale) {
        return List.of(
                name,
                shape,
                unit,
                Figures.rate(rate.median() / scale),
                Figures.rate(rate.best() / scale),
                Figures.count(rate.samples()) + (rate.steady() ? "" : " (not steady)"));
    }
}
