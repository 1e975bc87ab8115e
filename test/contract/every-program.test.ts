// The contract of every program, in one file of tests, so that the programs are created once.
import './every-program/alarms';
import './every-program/builds';
import './every-program/callers';
import './every-program/dashboard';
import './every-program/deployment';
import './every-program/events';
import './every-program/guarantees';
import './every-program/names';
import './every-program/network';
import './every-program/policies';
import './every-program/removal';
import './every-program/secrets';
import './every-program/sizes';
import './every-program/stages';
