/**
 * Example requests for every critical service, as unsigned DUIS documents for one throwaway PKI.
 *
 * <p>Start at {@link org.postern.simulator.examples.ExampleRequests}.
 */
@Export
@Version("1.0.0")
package org.postern.simulator.examples;

import org.osgi.annotation.bundle.Export;
import org.osgi.annotation.versioning.Version;
