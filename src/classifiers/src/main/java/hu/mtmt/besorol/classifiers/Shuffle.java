package hu.mtmt.besorol.classifiers;

import java.util.SplittableRandom;

/** Random order (Fisher and Yates 1938; Durstenfeld 1964). */
public final class Shuffle {
  private Shuffle() {}

  /** Puts the first {@code size} numbers in random order. */
  public static void shuffle(int[] numbers, int size, SplittableRandom random) {
    draw(numbers, size, size - 1, random);
  }

  /** Draws {@code wanted} of the first {@code size} numbers: puts them in front. */
  public static void draw(int[] numbers, int size, int wanted, SplittableRandom random) {
    for (int i = 0; i < wanted; i++) {
      int j = i + random.nextInt(size - i);
      int number = numbers[i];
      numbers[i] = numbers[j];
      numbers[j] = number;
    }
  }
}
