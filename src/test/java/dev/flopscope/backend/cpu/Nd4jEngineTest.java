package dev.flopscope.backend.cpu;

import dev.flopscope.backend.cpu.memory.Nd4jRuntime;

class Nd4jEngineTest extends EngineTest {
    @Override
    ProductEngine engine(Nd4jRuntime onRuntime) {
        return new Nd4jEngine(onRuntime.workers());
    }
}
