package hu.mtmt.besorol.classifiers.text;

import hu.mtmt.besorol.classifiers.text.DocumentVectors.Block;

/** Sparse vectors with labels, numbered from 0: what linear classifiers are learnt from. */
public interface LabelledVectors {
  /** How many vectors there are. */
  int size();

  /** How many features there are. */
  int features();

  /** The block that holds a vector. */
  Block blockOf(int vector);

  /** The row of a vector in its block. */
  int rowOf(int vector);

  /** The labels of a vector, ascending. */
  int[] labels(int vector);
}
