/**
 * Runs the distribution and the simulated DCC as processes, and plays a supplier's system, for tests and measurements;
 * never shipped.
 */
@org.osgi.annotation.bundle.Export
@org.osgi.annotation.versioning.Version("0.1.0")
package org.postern.testkitprocess;
