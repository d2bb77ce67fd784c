package org.postern.simulator.devices;

import java.util.Optional;
import org.postern.gbcs.GbcsMessage;

/**
 * What a device did with a command.
 *
 * @param answer complete response with MAC or signature, encrypted where it must be
 * @param dated what it will do at a later time
 * @param topUp what was decided about a top-up token: accepted, rejected or duplicate
 */
public record CommandResult(GbcsMessage answer, Optional<FutureDatedCommand> dated, Optional<String> topUp) {}
