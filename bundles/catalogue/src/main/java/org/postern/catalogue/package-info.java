/**
 * The User Gateway Services Schedule as data, and the vocabulary that all other modules share: EUI-64, RequestID and
 * ResponseID, User Role, Command Variant, channels, destinations, states, outcomes, verdicts, faults.
 */
@Export
@Version("0.1.0")
package org.postern.catalogue;

import org.osgi.annotation.bundle.Export;
import org.osgi.annotation.versioning.Version;
