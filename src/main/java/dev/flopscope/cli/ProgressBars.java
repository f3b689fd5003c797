package dev.flopscope.cli;

import dev.flopscope.run.ProgressListener;
import me.tongfei.progressbar.ProgressBar;
import me.tongfei.progressbar.ProgressBarBuilder;
import me.tongfei.progressbar.ProgressBarStyle;
import org.jspecify.annotations.Nullable;

/** Shows a run's progress on standard error, a bar a phase, if a person watches it; else nothing. */
final class ProgressBars implements ProgressListener, AutoCloseable {
    private static final int WIDTH = 79;
    private static final int REDRAW_MILLISECONDS = 200;

    private final boolean visible = Terminal.showsStandardError();
    private @Nullable Phase phase;
    private @Nullable ProgressBar bar;

    @Override
    public void advanced(Phase advancing, long done, long total) {
        if (!visible) {
            return;
        }
        if (bar == null || phase != advancing) {
            close();
            phase = advancing;
            bar = new ProgressBarBuilder()
                    .setTaskName(advancing.label())
                    .setInitialMax(total)
                    .setUnit(" " + advancing.unit(), 1)
                    .setStyle(ProgressBarStyle.ASCII)
                    .setMaxRenderedLength(WIDTH)
                    .setUpdateIntervalMillis(REDRAW_MILLISECONDS)
                    .clearDisplayOnFinish()
                    .build();
        }
        bar.stepTo(done);
    }

    @Override
    public void close() {
        clear();
    }

    /** Takes the bar off the terminal, so that a line can be printed; the next progress shows a new one. */
    void clear() {
        if (bar != null) {
            bar.close();
            bar = null;
        }
    }
}
