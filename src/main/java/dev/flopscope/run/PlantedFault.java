package dev.flopscope.run;

import dev.flopscope.run.SelfTestResult.Check;
import dev.flopscope.run.SelfTestResult.Place;
import java.util.function.Supplier;

/**
 * A fault that can be planted in a pass.
 *
 * @param name what it is, in a few words
 * @param place where it is planted
 * @param check what must notice it, whatever else does
 * @param plants makes what is planted, for one pass
 */
record PlantedFault(String name, Place place, Check check, Supplier<Plant> plants) {}
