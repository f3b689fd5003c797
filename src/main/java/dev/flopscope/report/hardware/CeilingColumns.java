package dev.flopscope.report.hardware;

import dev.flopscope.document.Column;
import dev.flopscope.document.Unit;
import dev.flopscope.schema.CeilingRecord;
import java.util.List;

/** The columns of rates that the machine reached. */
public final class CeilingColumns {
    /** GFLOP/s or GB/s. */
    public static final Column<CeilingRecord> UNIT = Column.words("unit", "unit", CeilingRecord::unit);

    /** The median of the samples. */
    public static final Column<CeilingRecord> MEDIAN =
            new Column<>("median", "median", Unit.GIGA_PER_SECOND, CeilingRecord::median);

    /** The best of the samples. */
    public static final Column<CeilingRecord> BEST =
            new Column<>("best", "best", Unit.GIGA_PER_SECOND, CeilingRecord::best);

    /** All that a row of CSV has. */
    static final List<Column<CeilingRecord>> ALL = List.of(
            Column.count("threads", "threads", CeilingRecord::threads),
            Column.words("ceiling", "ceiling", CeilingRecord::ceiling),
            Column.words("shape_class", "class", CeilingRecord::shapeClass),
            Column.count("m", "m", CeilingRecord::m),
            Column.count("k", "k", CeilingRecord::k),
            Column.count("n", "n", CeilingRecord::n),
            UNIT,
            MEDIAN,
            BEST,
            Column.count("samples", "samples", CeilingRecord::samples),
            Column.words("steady", "steady", CeilingRecord::steady));

    private CeilingColumns() {}
}
