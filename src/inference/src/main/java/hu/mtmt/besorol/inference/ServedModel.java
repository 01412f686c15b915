package hu.mtmt.besorol.inference;

import jakarta.enterprise.context.ApplicationScoped;
import java.util.Optional;

/** The one model of this process: none while it is being loaded, then always the same. */
@ApplicationScoped
public class ServedModel {
  private volatile Model model;

  /** The model, if it is loaded. */
  public Optional<Model> get() {
    return Optional.ofNullable(model);
  }

  void set(Model loaded) {
    model = loaded;
  }
}
